import { CLOSE_CODES } from '../protocol/close-codes.ts';
import type { Dismissal } from '../rooms/hosts/host-channel.ts';

/** Code and sentence of the close frame. */
export const DISMISSALS: Readonly<Record<Dismissal, readonly [code: number, sentence: string]>> = {
  replaced: [CLOSE_CODES.replaced, 'Another connection takes its place.'],
  expired: [CLOSE_CODES.unauthenticated, 'The token has expired. Ask for a new one.'],
  revoked: [CLOSE_CODES.unauthenticated, 'The token was taken back. Ask for a new one.'],
  kicked: [CLOSE_CODES.unauthenticated, 'An administrator ended this.'],
  ended: [1000, 'The session was ended.'],
  shutdown: [1001, 'The gateway stops. Come again.'],
  moved: [CLOSE_CODES.moved, 'This room goes on at another gateway. Come again.'],
  forbidden: [CLOSE_CODES.forbidden, 'This token does not allow that here.'],
};
