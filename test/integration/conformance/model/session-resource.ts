import { FRAGMENT } from '../../../conformance/fragment.ts';
import { Refusal, reply, typeOf, type ModelReply, type ModelRequest } from './message.ts';
import type { ModelRoom, ModelSession } from './room.ts';

const ALLOW = 'DELETE, GET, HEAD, OPTIONS, PATCH';
const CANDIDATE = /^a=candidate:\S+ \d+ \S+ \d+ \S+ \d+ typ \S+/;

/** A session's own resource. */
export function answerSession(room: ModelRoom, request: ModelRequest): ModelReply {
  const { method, path } = request;
  if (method === 'OPTIONS') return reply(200, { 'accept-patch': FRAGMENT, allow: ALLOW });
  const session = room.session(path.slice('/sessions/'.length));
  if (session === undefined) throw new Refusal(404, 'There is no such session.');
  switch (method) {
    case 'GET':
    case 'HEAD':
      return reply(204);
    case 'DELETE':
      room.deleted.add(session.secret);
      room.end(session);
      return reply(200);
    case 'PATCH':
      return patch(room, session, request);
    default:
      throw new Refusal(405, 'Not this method.', { allow: ALLOW });
  }
}

function patch(room: ModelRoom, session: ModelSession, request: ModelRequest): ModelReply {
  if (typeOf(request) !== FRAGMENT) {
    throw new Refusal(415, 'Send a fragment.', { 'accept-patch': FRAGMENT });
  }
  requireMatch(request.headers['if-match'], session.etag);
  const lines = request.body.split(/\r?\n/).filter((line) => line !== '');
  const broken = lines.some((line) => line.startsWith('a=candidate:') && !CANDIDATE.test(line));
  if (broken || !lines.every((line) => /^[a-z]=/.test(line))) {
    throw new Refusal(400, 'The fragment is malformed.');
  }
  const ufrag = lines.find((line) => line.startsWith('a=ice-ufrag:'));
  if (ufrag === undefined || session.offer.includes(`${ufrag}\r\n`)) return reply(204);
  if (!room.restarts) throw new Refusal(422, 'ICE cannot be restarted.');
  session.etag = `"${Math.random()}"`;
  const body = [
    'a=ice-ufrag:theNewOne',
    'a=ice-pwd:theNewPasswordOfTheServer',
    'm=audio 9 RTP/AVP 0',
    'a=mid:0',
    'a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host',
    '',
  ].join('\r\n');
  return reply(200, { 'content-type': FRAGMENT, etag: session.etag }, body);
}

function requireMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined) throw new Refusal(428, 'Send If-Match with the ETag, or "*".');
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.some((tag) => [etag, '*', '"*"'].includes(tag))) {
    throw new Refusal(412, 'The ETag is another.');
  }
}
