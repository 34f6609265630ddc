import { explainProblem } from '../problem.ts';
import { failed, leftOut, passed } from './finding.ts';
import type { Check, Finding } from './finding.ts';
import type { PathOutcome } from './path-trial.ts';
import type { ServerOutcome } from './server-trial.ts';

/** What a trial of UDP or TCP to the media server says. */
export function pathFinding(check: 'udp' | 'tcp', outcome: PathOutcome, tookMs: number): Finding {
  const name = check.toUpperCase();
  switch (outcome.kind) {
    case 'connected':
      return passed(check, `${name} reaches the media server.`, {
        tookMs,
        details: outcome.address === null ? [] : [outcome.address],
      });
    case 'silent':
      return failed(check, `No answer by ${name} from the media server.`, {
        tookMs,
        details: outcome.addresses,
      });
    case 'no-dtls':
      return failed(check, `${name} gets through, but its encryption (DTLS) does not.`, {
        tookMs,
        details: outcome.addresses,
      });
    case 'none':
      return leftOut(check, `The media server takes no media by ${name}.`);
    case 'refused':
      return {
        ...leftOut(check, `Not tried: ${explainProblem(outcome.problem, 'watch')}`),
        details: [outcome.problem.code],
      };
    default:
      return outcome satisfies never;
  }
}

const NAMES = {
  stun: { none: 'No STUN server is configured.', good: 'A STUN server answers by UDP.' },
  'turn-udp': { none: 'No TURN server by UDP is configured.', good: 'TURN relays by UDP.' },
  'turn-tcp': { none: 'No TURN server by TCP or TLS is configured.', good: 'TURN relays by TCP.' },
} as const;

/** What trials of one kind of server say: one that answers is enough. */
export function serverFinding(
  check: keyof typeof NAMES,
  outcomes: readonly ServerOutcome[],
): Finding {
  if (outcomes.length === 0) return leftOut(check, NAMES[check].none);
  const details = outcomes.map(({ url, kind, code, tookMs }) => {
    return `${url}: ${WORDS[kind]}${code === null ? '' : ` (${code})`}, ${tookMs} ms`;
  });
  const good = outcomes.find(({ kind }) => kind === 'answered');
  if (good !== undefined) return passed(check, NAMES[check].good, { details, tookMs: good.tookMs });
  const refused = outcomes.some(({ kind }) => kind === 'login-refused');
  const sentence = refused
    ? 'The TURN server refuses the password that the gateway gave: their secrets differ.'
    : 'No answer from any of these servers.';
  return failed(check, sentence, { details });
}

const WORDS = {
  answered: 'works',
  'login-refused': 'refuses the password',
  silent: 'no answer',
  refused: 'refused',
} as const satisfies Record<ServerOutcome['kind'], string>;

/** Which check a server of the gateway's list belongs to. */
export function checkOf(url: string): Extract<Check, 'stun' | 'turn-udp' | 'turn-tcp'> {
  if (/^stuns?:/i.test(url)) return 'stun';
  const byTcp = /^turns:/i.test(url) || /[?&]transport=tcp\b/i.test(url);
  return byTcp ? 'turn-tcp' : 'turn-udp';
}
