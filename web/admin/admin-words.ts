import type { EndReason } from '../../gateway/protocol/end-reason.ts';
import type { Transport } from '../../gateway/protocol/transport.ts';
import type { IceSourceName } from '../../gateway/protocol/ice-sources.ts';
import { explainProblem } from '../core/problem.ts';
import type { SessionProblem } from '../core/problem.ts';

/** One plain sentence for the person who administers. */
export function explainAdminProblem(problem: SessionProblem): string {
  switch (problem.code) {
    case 'scope-insufficient':
      return 'This link does not allow administration. Use the admin link.';
    case 'session-not-found':
      return 'That session has already ended.';
    case 'precondition-failed':
      return 'Somebody else changed this meanwhile. Look at it again, then change it.';
    case 'not-found':
    case 'bad-request':
    case 'name-taken':
      return problem.detail === '' ? 'The server did not accept this.' : problem.detail;
    default:
      return explainProblem(problem, 'watch');
  }
}

/** How media goes, for the tables. */
export const transportWords: Record<Transport, string> = {
  webrtc: 'WebRTC',
  websocket: 'WebSocket',
};

/** Why a session ended, for the table. */
export const endReasonWords: Record<EndReason, string> = {
  client: 'left',
  left: 'lost',
  'never-connected': 'never connected',
  'broke-protocol': 'broke the protocol',
  kicked: 'removed',
  replaced: 'replaced',
  expired: 'expired',
  revoked: 'revoked',
  refused: 'refused',
  'node-lost': 'node lost',
  moved: 'moved',
  shutdown: 'shutdown',
};

/** Sources of STUN and TURN servers. */
export const iceSourceNames: Record<IceSourceName, string> = {
  file: 'File',
  turn: 'Own TURN',
  api: 'REST service',
  cloudflare: 'Cloudflare',
  twilio: 'Twilio',
};
