import type { SessionProblem } from '../core/problem.ts';
import type { KeeperState } from '../core/session-keeper.ts';

/** By which ways viewers can get the picture now; `obstacle`: why WebRTC is not one of them, if that is known. */
export interface ShareWays {
  readonly webrtc: boolean;
  readonly websocket: boolean;
  readonly obstacle: SessionProblem | null;
  /** How many are sent to directly; absent where sending goes by a server. */
  readonly receivers?: number;
}

/** Where sending stands by all ways together. */
export type ShareStanding =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly ways: ShareWays }
  | Extract<KeeperState, { kind: 'reconnecting' | 'failed' }>
  | { readonly kind: 'stopped' };

/** Ends that are meant for the person, so that no other way is left either. */
const PERSONAL: ReadonlySet<SessionProblem['code']> = new Set([
  'removed',
  'replaced',
  'dismissed',
  'source-busy',
  'token-missing',
  'token-invalid',
  'token-expired',
  'token-revoked',
  'scope-insufficient',
]);

/** What holds for a page that sends by WHIP, by a publish socket, or by both; null: not by this one. */
export function standingOf(whip: KeeperState | null, socket: KeeperState | null): ShareStanding {
  const end = [whip, socket].find(isPersonalEnd);
  if (end !== undefined) return end;
  const webrtc = whip?.kind === 'live';
  const websocket = socket?.kind === 'live';
  if (webrtc || websocket) {
    return { kind: 'live', ways: { webrtc, websocket, obstacle: problemOf(whip) } };
  }
  const [first, second] = [whip, socket].filter((state) => state !== null);
  if (first === undefined) return { kind: 'stopped' };
  // What still tries says more than what has given up; of two that failed the first is better known.
  const telling =
    first.kind === 'failed' && second !== undefined && isTrying(second) ? second : first;
  switch (telling.kind) {
    case 'reconnecting':
    case 'failed':
      return telling;
    case 'stopped':
      return { kind: 'stopped' };
    default:
      return { kind: 'connecting' };
  }
}

function isPersonalEnd(
  state: KeeperState | null,
): state is Extract<KeeperState, { kind: 'failed' }> {
  return state?.kind === 'failed' && PERSONAL.has(state.problem.code);
}

const isTrying = ({ kind }: KeeperState): boolean =>
  kind === 'connecting' || kind === 'reconnecting';

const problemOf = (state: KeeperState | null): SessionProblem | null =>
  state !== null && 'problem' in state ? state.problem : null;
