import { parseArgs } from 'node:util';
import type { Api } from '../protocol/api/client.ts';

/** A flag with a value by the name of what it takes, or a switch without. */
export interface Flag {
  readonly about: string;
  readonly takes?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What stood on the command line. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** '' where it is absent. */
  readonly text: (flag: string) => string;
  readonly has: (flag: string) => boolean;
}

/** What a command found: as data, and as people read it. */
export interface Output {
  readonly data: unknown;
  readonly text: string;
  /** The command did what it is for, and what it found is not well. */
  readonly failed?: boolean;
}

/** The gateway that is asked. */
export interface Target {
  readonly url: string;
  readonly api: Api;
  /** It is this machine's, known by its settings. */
  readonly isLocal: boolean;
}

export interface Command {
  /** Its name and what stands behind it: `kick <session>`, `nodes [node]`. */
  readonly usage: string;
  readonly about: string;
  readonly flags?: Flags;
  /** `connect` finds the gateway and a token. @throws ApiProblem, UsageError */
  run(given: Arguments, connect: () => Target): Promise<Output>;
}

/** What was typed is no command. */
export class UsageError extends Error {}

export const COMMON: Flags = {
  url: { takes: 'address', about: 'of the gateway; else PIXELCAST_URL, else this machine’s' },
  token: { takes: 'token', about: 'to act with; else PIXELCAST_TOKEN, else one for this machine' },
  json: { about: 'print what is found as JSON' },
  help: { about: 'print this' },
};

/** Reads the words after a command's name. @throws UsageError */
export function readArguments({ usage, flags = {} }: Command, words: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries({ ...flags, ...COMMON }).map(([name, { takes }]) => [
      name,
      { type: takes === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { values, positionals } = parsed(words, options);
  const [, ...places] = usage.split(' ');
  const required = places.filter((place) => place.startsWith('<')).length;
  const isHelp = values['help'] === true;
  if (!isHelp && (positionals.length < required || positionals.length > places.length)) {
    throw new UsageError(`Write: ${usage}`);
  }
  return {
    positionals,
    text: (flag) => (typeof values[flag] === 'string' ? values[flag] : ''),
    has: (flag) => values[flag] !== undefined,
  };
}

function parsed(words: readonly string[], options: Record<string, { type: 'boolean' | 'string' }>) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
