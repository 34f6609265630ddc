import { EVENTS } from '../../../conformance/rules/events.ts';
import { answerTo, checkOffer } from './answer.ts';
import { Refusal, reply, typeOf, type ModelReply, type ModelRequest } from './message.ts';
import type { ModelRoom } from './room.ts';

const ALLOW = 'GET, HEAD, OPTIONS, POST';
const SDP = 'application/sdp';
/** RFC 9725 asks for nothing of this size. */
const MAX_BYTES = 64 * 1024;
export const TURN =
  '<turn:turn.example:3478?transport=udp>; rel="ice-server"; username="u"; credential="c"; credential-type="password"';

/** The WHIP or the WHEP endpoint. */
export async function answerEndpoint(
  room: ModelRoom,
  request: ModelRequest,
  kind: 'publish' | 'watch',
): Promise<ModelReply> {
  const { method, body } = request;
  if (method === 'OPTIONS') return reply(200, { 'accept-post': SDP, allow: ALLOW });
  if (method === 'GET' || method === 'HEAD') {
    return kind === 'publish' ? reply(204) : reply(200, { 'content-type': SDP });
  }
  if (method !== 'POST') throw new Refusal(405, 'Not this method.', { allow: ALLOW });
  room.authorize(request);
  if (body.length > MAX_BYTES) throw new Refusal(413, 'The body is too large.');
  if (typeOf(request) !== SDP) {
    throw new Refusal(415, 'Send application/sdp.', { 'accept-post': SDP });
  }
  checkOffer(body, kind);
  if (kind === 'watch' && room.published === null) {
    throw new Refusal(409, 'Nobody publishes.', { 'retry-after': '1' });
  }
  const answer =
    room.media === null
      ? { sdp: answerTo(body, kind === 'publish' ? null : room.published), mediaId: '' }
      : await room.media.open(kind, body);
  const session = room.open(kind, body, answer.mediaId);
  const links = kind === 'watch' ? extensionLinks(request.origin, session.secret) : [];
  return reply(
    201,
    {
      'content-type': SDP,
      location: `${request.origin}/sessions/${session.secret}`,
      etag: session.etag,
      link: [TURN, ...links],
    },
    answer.sdp,
  );
}

/** Other addresses than the session's: they must not give it away. */
function extensionLinks(origin: string, secret: string): string[] {
  const id = Buffer.from(secret).toString('hex');
  return [
    `<${origin}/events/${id}>; rel="${EVENTS}"; events="active,inactive,viewercount,layers"`,
    `<${origin}/layers/${id}>; rel="urn:ietf:params:whep:ext:core:layer"`,
  ];
}
