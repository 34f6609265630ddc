import { z } from 'zod';
import { HostView, Tuning } from '../host.ts';
import { RoomId, SourceId } from '../ids.ts';
import { operation } from './operation.ts';
import { items } from './page.ts';

const tag = 'Hosts';
const params = z.object({ room: RoomId, source: SourceId });
const path = '/api/v1/rooms/:room/hosts/:source';

export const listHosts = operation({
  id: 'listHosts',
  method: 'GET',
  path: '/api/v1/rooms/:room/hosts',
  tag,
  summary: 'Machines that share something in a room',
  access: 'host',
  params: z.object({ room: RoomId }),
  reply: items(HostView),
});

export const getHost = operation({
  id: 'getHost',
  method: 'GET',
  path,
  tag,
  summary: 'What a machine can do, does and measures',
  access: 'host',
  params,
  reply: HostView,
  errors: ['host-away'],
});

export const tuneHost = operation({
  id: 'tuneHost',
  method: 'PATCH',
  path,
  tag,
  summary: 'Fix bitrate, frame rate, size or kind of content, or leave them to the policy again',
  access: 'host',
  params,
  body: Tuning,
  reply: HostView,
  errors: ['host-away', 'host-refused', 'host-silent'],
});
