import { z } from 'zod';
import { RoomId, SourceId } from '../ids.ts';
import { operation } from './operation.ts';
import { items } from './page.ts';

/** A source at a further media server than the one where it is published. */
export const CarriageView = z
  .object({
    room: RoomId,
    source: SourceId,
    /** Where it is published, and where it is carried to. */
    from: z.string(),
    to: z.string(),
    /** Whether its media flows, or is only under way. */
    ready: z.boolean(),
    /** Epoch milliseconds. */
    startedAt: z.number(),
    /** Viewers of the source at the further server. */
    viewers: z.number().int(),
    /** Since its start, some second ago. */
    packets: z.number().int(),
    bytes: z.number().int(),
    /** Packets sent once more to the further server. */
    resent: z.number().int(),
    /** Key frames asked of the publisher. */
    keyframes: z.number().int(),
  })
  .meta({ id: 'Carriage' });
export type CarriageView = z.infer<typeof CarriageView>;

export const listCarriages = operation({
  id: 'listCarriages',
  method: 'GET',
  path: '/api/v1/carriages',
  tag: 'Nodes',
  summary: 'Sources at more than one media server',
  access: 'global-admin',
  reply: items(CarriageView),
});
