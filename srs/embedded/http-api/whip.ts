import type { Sessions } from '../sessions.ts';
import { SrsError } from '../srs-error.ts';
import type { ApiRequest } from './api-request.ts';
import { toSessionRequest } from './offer-request.ts';
import { answer, type Reply } from './reply.ts';

const OFFER_LIMIT_BYTES = 256 * 1024;

/** WHIP and WHEP, both: DELETE ends a session, any other method brings an offer. @throws SrsError */
export async function handleWhip(request: ApiRequest, sessions: Sessions): Promise<Reply> {
  if (request.method === 'DELETE') {
    sessions.remove(request.query.get('session') ?? '', request.query.get('token') ?? '');
    return answer(200);
  }
  const sessionRequest = toSessionRequest(request, await readOffer(request));
  const { app, stream } = sessionRequest.name;
  const { sdp, token, username } = await sessions.open(sessionRequest);
  // The form is SRS's: relative, always under /whip/, nothing percent-encoded.
  const query = `action=delete&token=${token}&app=${app}&stream=${stream}&session=${username}`;
  return answer(
    201,
    { 'Content-Type': 'application/sdp', Location: `/rtc/v1/whip/?${query}` },
    sdp,
  );
}

async function readOffer(request: ApiRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // Left open when the limit is passed: the refusal still has to go out.
  const body: AsyncIterable<Buffer> = request.http.iterator({ destroyOnReturn: false });
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > OFFER_LIMIT_BYTES) throw new SrsError(5012, 'offer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
