import { z } from 'zod';
import { RoomId, SourceId } from '../ids.ts';
import { Peer } from './peer.ts';

/** A peer of a direct session at the asked gateway, for admins. */
export const PeerView = Peer.omit({ viewer: true })
  .extend({
    room: RoomId,
    source: SourceId,
    subject: z.string(),
    /** When it registered, epoch milliseconds. */
    since: z.number(),
  })
  .meta({ id: 'Peer' });
export type PeerView = z.infer<typeof PeerView>;
