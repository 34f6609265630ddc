import { z } from 'zod';
import { EventNames } from '../events.ts';
import { LayerRequest } from '../layers.ts';
import { RoomId, SourceId } from '../ids.ts';
import { operation, type RawBody } from './operation.ts';

const tag = 'WHIP and WHEP';
const place = z.object({ room: RoomId, source: SourceId.exactOptional() });
const sdp: RawBody = { media: ['application/sdp'] };
const secret = z.object({ secret: z.string() });
const OWN = 'Its address is the right to do so.';

export const publish = operation({
  id: 'publish',
  method: 'POST',
  path: '/whip/:room{/:source}',
  tag,
  summary: 'Publish a source (RFC 9725)',
  description: '`Location` is the address of the session, `ETag` what its PATCH needs.',
  access: 'publish',
  params: place,
  body: sdp,
  reply: sdp,
  status: 201,
  errors: [
    ...(['sdp-malformed', 'offer-unacceptable', 'codec-unsupported', 'source-busy'] as const),
    ...(['simulcast-unsupported', 'too-many-sessions', 'capacity'] as const),
    ...(['node-unavailable', 'upstream-rejected'] as const),
  ],
});

export const watch = operation({
  id: 'watch',
  method: 'POST',
  path: '/whep/:room{/:source}',
  tag,
  summary: 'Watch a source (draft-ietf-wish-whep)',
  description:
    '`Location` is the address of the session; `Link` names events, layers and ICE servers.',
  access: 'watch',
  params: place,
  body: sdp,
  reply: sdp,
  status: 201,
  errors: [
    ...(['sdp-malformed', 'offer-unacceptable', 'codec-unsupported', 'no-publisher'] as const),
    ...(['too-many-sessions', 'capacity', 'node-unavailable', 'upstream-rejected'] as const),
  ],
});

export const trickle = operation({
  id: 'trickle',
  method: 'PATCH',
  path: '/sessions/:secret',
  tag,
  summary: 'Add ICE candidates to a session',
  description: `${OWN} Needs \`If-Match\` with the ETag of the session.`,
  access: 'open',
  params: secret,
  body: { media: ['application/trickle-ice-sdpfrag'] },
  reply: null,
  errors: ['session-not-found', 'precondition-failed', 'ice-restart-unsupported'],
});

export const endSession = operation({
  id: 'endSession',
  method: 'DELETE',
  path: '/sessions/:secret',
  tag,
  summary: 'End one’s own session',
  description: OWN,
  access: 'open',
  params: secret,
  reply: null,
  status: 200,
  errors: ['session-not-found'],
});

export const subscribe = operation({
  id: 'subscribe',
  method: 'POST',
  path: '/events/:viewer',
  tag,
  summary: 'Ask for events of what one watches',
  description: `${OWN} \`Location\` is the address of the stream.`,
  access: 'open',
  params: z.object({ viewer: z.string() }),
  body: EventNames,
  reply: null,
  status: 201,
  errors: ['session-not-found', 'capacity'],
});

export const readEvents = operation({
  id: 'readEvents',
  method: 'GET',
  path: '/events/streams/:stream',
  tag,
  summary: 'Events of what one watches, as they happen',
  description: OWN,
  access: 'open',
  params: z.object({ stream: z.string() }),
  reply: { media: ['text/event-stream'] },
  errors: ['session-not-found'],
});

export const unsubscribe = operation({
  id: 'unsubscribe',
  method: 'DELETE',
  path: '/events/streams/:stream',
  tag,
  summary: 'End a stream of events',
  description: OWN,
  access: 'open',
  params: z.object({ stream: z.string() }),
  reply: null,
  status: 200,
  errors: ['session-not-found'],
});

export const chooseLayer = operation({
  id: 'chooseLayer',
  method: 'POST',
  path: '/layers/:id',
  tag,
  summary: 'Choose among the layers of what one watches',
  description: OWN,
  access: 'open',
  params: z.object({ id: z.string() }),
  body: LayerRequest,
  reply: null,
  status: 200,
  errors: ['session-not-found', 'layer-unavailable'],
});

export const releaseLayer = operation({
  id: 'releaseLayer',
  method: 'DELETE',
  path: '/layers/:id',
  tag,
  summary: 'Leave the choice of a layer to the server',
  description: OWN,
  access: 'open',
  params: z.object({ id: z.string() }),
  reply: null,
  status: 200,
  errors: ['session-not-found'],
});
