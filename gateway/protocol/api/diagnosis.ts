import { z } from 'zod';
import { DiagnosisView, GatewayTime } from '../diagnosis.ts';
import { SessionDiary } from '../diary.ts';
import { RoomId, SessionId, SourceId } from '../ids.ts';
import { operation, type RawBody } from './operation.ts';

const tag = 'Diagnosis';
const path = '/api/v1/diagnosis';
const params = z.object({ room: RoomId, source: SourceId.exactOptional() });
const sdp: RawBody = { media: ['application/sdp'] };

export const getTime = operation({
  id: 'getTime',
  method: 'GET',
  path,
  tag,
  summary: 'The time of the gateway',
  access: 'open',
  reply: GatewayTime,
});

export const getDiagnosis = operation({
  id: 'getDiagnosis',
  method: 'GET',
  path: `${path}/rooms/:room{/:source}`,
  tag,
  summary: 'Where a viewer of a source would be sent, and what is known of the way there',
  access: 'look',
  params,
  reply: DiagnosisView,
});

export const openTrial = operation({
  id: 'openTrial',
  method: 'POST',
  path: `${path}/rooms/:room{/:source}`,
  tag,
  summary: 'Try the way to the media server by an offer that joins no room',
  description: '`Location` is the address of the trial.',
  access: 'look',
  params,
  body: sdp,
  reply: sdp,
  status: 201,
  errors: ['offer-unacceptable', 'sdp-malformed', 'node-unavailable', 'upstream-rejected'],
});

export const endTrial = operation({
  id: 'endTrial',
  method: 'DELETE',
  path: `${path}/trials/:id`,
  tag,
  summary: 'End a trial',
  description: 'Its address is the right to do so.',
  access: 'open',
  params: z.object({ id: z.string() }),
  reply: null,
  errors: ['session-not-found'],
});

export const getOwnDiary = operation({
  id: 'getOwnDiary',
  method: 'GET',
  path: `${path}/diaries/:secret`,
  tag,
  summary: 'The way of one’s own session from its request to its first picture',
  description: 'The last segment of the session’s address is the right to read it.',
  access: 'open',
  params: z.object({ secret: z.string() }),
  reply: SessionDiary,
  errors: ['session-not-found'],
});

export const getSessionDiary = operation({
  id: 'getSessionDiary',
  method: 'GET',
  path: '/api/v1/sessions/:id/diary',
  tag: 'Sessions',
  summary: 'The way of a session from its request to its first picture',
  access: 'operate',
  params: z.object({ id: SessionId }),
  reply: SessionDiary,
  errors: ['session-not-found'],
});
