import { z } from 'zod';
import { GatewayEventType } from '../gateway-event.ts';
import { RoomId } from '../ids.ts';
import { operation } from './operation.ts';

/** Names an event stream's `event:` beside those of events: what was missed is not known any more. */
export const RESET_EVENT = 'reset';

export const streamEvents = operation({
  id: 'streamEvents',
  method: 'GET',
  path: '/api/v1/events',
  tag: 'Events',
  summary: 'What happens, as server-sent events',
  description:
    'Of the rooms that the caller may operate; `node.*`, `container.*`, `docker.*` and `webhook.*` for who may operate all. `types` is a ' +
    'comma-separated list. With `Last-Event-ID` what came since is told first; `reset` comes in its place when ' +
    'that is too long ago.',
  access: 'operate',
  query: z.object({
    room: RoomId.exactOptional(),
    types: z
      .string()
      .max(1024)
      .transform((text) => text.split(','))
      .pipe(z.array(GatewayEventType).max(GatewayEventType.options.length))
      .exactOptional(),
  }),
  reply: { media: ['text/event-stream'] },
  errors: ['capacity', 'too-many-sessions'],
});
