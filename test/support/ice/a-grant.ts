import type { Grant } from '../../../gateway/auth/grant.ts';
import { RoomId } from '../../../gateway/protocol/ids.ts';

/** The grant of somebody who watches, for an hour after the epoch unless told. */
export const aGrant = (more: Partial<Grant> = {}): Grant => ({
  subject: 'anna',
  room: RoomId.parse('demo'),
  sources: undefined,
  can: ['watch'],
  expiresAt: 3_600_000,
  issuedAt: 0,
  tokenId: 'jti-1',
  ...more,
});
