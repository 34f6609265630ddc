import { z } from 'zod';
import { RoomId, SourceId } from '../ids.ts';
import { operation } from './operation.ts';
import { QueryFlag } from './page.ts';

const params = z.object({ room: RoomId, source: SourceId });
const path = '/api/v1/rooms/:room/sources/:source';

export const endSource = operation({
  id: 'endSource',
  method: 'DELETE',
  path,
  tag: 'Rooms',
  summary: 'End what is published as a source, in every mode',
  description:
    'Who publishes is told that it was removed; its viewers stay. With `ban` its token is taken back as well, until it would have run out.',
  access: 'operate',
  params,
  query: z.object({ ban: QueryFlag.default(false) }),
  reply: null,
  errors: ['no-publisher'],
});

/** Clients that held a name at a media server and were removed. */
export const FreedView = z.object({
  freed: z.array(z.object({ node: z.string(), client: z.string(), type: z.string() })),
});
export type FreedView = z.infer<typeof FreedView>;

export const freeSource = operation({
  id: 'freeSource',
  method: 'POST',
  path: `${path}/free`,
  tag: 'Rooms',
  summary: 'Free a name that a media server keeps busy',
  description:
    'Removes at every media server what publishes there by this name and is no session of the gateway. Of those the gateway frees the name by itself within some seconds; this does it at once.',
  access: 'operate',
  params,
  reply: FreedView,
  errors: ['source-busy'],
});
