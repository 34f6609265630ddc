import { parseFlags, toNumber, usageOf } from '../bench/command-line.ts';
import type { Addresses } from './discovery.ts';
import type { Rule } from './rule.ts';
import { selectRules } from './rules/all-rules.ts';

const ABOUT = `Holds a WHIP or WHEP server against RFC 9725, draft-ietf-wish-whep and their neighbours.

  npm run conformance -- <url> [<url>] [options]

One URL is enough where …/whip/… and …/whep/… are siblings. Exit code: 0 when no MUST fails, 1 when
one does, 2 for wrong usage or when no server answers.`;

const FLAGS = {
  whep: { about: 'the WHEP endpoint', value: '' },
  token: { about: 'Bearer token to publish with, and to watch', value: '' },
  'watch-token': { about: 'Bearer token to watch with, when it is another', value: '' },
  json: { about: 'file for the machine-readable report', value: '' },
  only: { about: 'rules to check, as WHIP,CORS-04,WHEP-1*', value: '' },
  policy: { about: "count PixelCast's own rules as MUST" },
  'no-media': { about: 'signalling alone: neither send nor receive media' },
  origin: { about: 'a web origin that the server lets in', value: 'https://conformance.example' },
  pace: { about: 'least milliseconds between two requests', value: '25' },
  patience: { about: 'seconds to wait for what may take its time', value: '60' },
} as const;

/** The command line was no good; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Command {
  readonly addresses: Addresses;
  readonly rules: readonly Rule[];
  readonly json: string | null;
  readonly withPolicy: boolean;
  readonly media: boolean;
  readonly origin: string;
  readonly paceMs: number;
  readonly patienceMs: number;
}

export const usage = (): string => usageOf(ABOUT, FLAGS);

/** Null: the help is asked for. @throws UsageError */
export function readCommand(args: readonly string[]): Command | null {
  try {
    const { values, positionals, help } = parseFlags(FLAGS, args);
    if (help) return null;
    const urls = [...positionals, ...(values.whep === '' ? [] : [values.whep])].map(toUrl);
    if (urls.length === 0) throw new Error('name the URL of a WHIP or WHEP endpoint');
    if (urls.length > 2) throw new Error('more than two URLs');
    const orNull = (text: string): string | null => (text === '' ? null : text);
    return {
      addresses: {
        urls: urls.slice(0, positionals.length),
        whep: orNull(values.whep),
        token: orNull(values.token),
        watchToken: orNull(values['watch-token']),
      },
      rules: selectRules(values.only),
      json: orNull(values.json),
      withPolicy: values.policy,
      media: !values['no-media'],
      origin: values.origin,
      paceMs: toNumber(values.pace),
      patienceMs: toNumber(values.patience) * 1000,
    };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function toUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Error(`not an HTTP URL: ${text}`);
  return url.href;
}
