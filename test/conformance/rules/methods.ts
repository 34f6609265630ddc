import { header, isSuccess, tokens, type Reply } from '../http-client.ts';
import { connectPublisher, connectViewer, settles } from '../peers.ts';
import { sendRaw } from '../raw-request.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';
import type { Session } from '../session.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Methods on endpoint and session, and how a session ends. */
export const methodRules = rulesOf('WHIP', [
  ['30', 'MUST', '§4.2', 'DELETE ends the session and its media', deletes],
  ['31', 'SHOULD', 'RFC 9110 §15.5.5', 'What is deleted is not found any more', goneAfterDelete],
  ['32', 'MUST', '§4.3.1', 'DELETE ignores If-Match', deleteIgnoresTags],
  [
    '33',
    'MUST',
    '§4.2, RFC 7675 §5.2',
    'The server ends media at once when it ends a session',
    notFromOutside,
  ],
  ['35', 'MUST', '§4.1', 'GET on endpoint and session is 2xx without content', getIsEmpty],
  ['36', 'MUST', 'RFC 9110 §9.3.2', 'HEAD mirrors GET', headMirrors],
  ['37', 'MUST', 'RFC 9110 §15.5.6', 'Other methods are refused 405 with Allow', otherMethods],
  ['38', 'SHOULD', 'RFC 9110 §9.1', 'An unknown method is answered 501', unknownMethod],
  ['39', 'MUST', '§4.2', 'OPTIONS is supported and tells Accept-Post', options],
  ['34', 'MUST', '§4.2', 'A client that vanishes is noticed', vanished],
]);

/** Consent runs out after 30 s (RFC 7675 §5.1), which a library takes some seconds to see. */
const CONSENT_MS = 40_000;
/** Packets under way, and what an overloaded server has in its queue. */
const LATE_MEDIA_MS = 1000;

export async function deletes(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const { delete: reply } = await server.sample(kind);
  if (reply === null) throw new NotApplicable('no session');
  seen.must(isSuccess(reply), `DELETE was answered ${reply.status}, 200 wanted`);
  if (isSuccess(reply)) {
    const exactly = reply.status === 200 && reply.body === '';
    seen.policy(exactly, `DELETE was answered ${reply.status}: OBS and others want an empty 200`);
  }
  if (!server.options.media) return;
  await (kind === 'publish' ? publisherEnds(given) : viewerEnds(given));
}

async function publisherEnds({ server, seen }: Given): Promise<void> {
  const { peer, session } = await connectPublisher(server);
  server.defer(() => peer.close());
  const feedback = (): number => peer.counts.receiverReports + peer.counts.transportCc;
  await waitFor(() => feedback() > 0, { timeoutMs: 3000, what: 'feedback' }).catch(() => false);
  await session.delete();
  await settles(peer.ended, LATE_MEDIA_MS);
  const before = feedback();
  await settles(peer.ended, LATE_MEDIA_MS);
  const silent = feedback() === before;
  seen.must(silent, 'the server still receives the media a second after DELETE');
  if (!silent) return;
  const limitMs = Math.min(CONSENT_MS, server.options.patienceMs);
  const ended = await settles(peer.ended, limitMs);
  seen.must(ended, `${limitMs / 1000} s after DELETE the server still consents to media`);
}

async function viewerEnds({ server, seen }: Given): Promise<void> {
  const { peer, session } = await connectViewer(server);
  server.defer(() => peer.close());
  const packets = (): number => peer.audio.packets + peer.video.packets;
  const flows = await waitFor(() => packets() > 0, { timeoutMs: 15_000, what: 'media' }).catch(
    () => false,
  );
  seen.must(flows, 'the viewer is connected but gets no media');
  await session.delete();
  await settles(peer.ended, LATE_MEDIA_MS);
  const before = packets();
  await settles(peer.ended, LATE_MEDIA_MS);
  seen.must(packets() === before, 'media still comes a second after DELETE');
}

export async function goneAfterDelete({ server, seen, kind }: Given): Promise<void> {
  const session = await server.open(kind);
  await session.delete();
  const asked = [
    ['DELETE', await session.delete()],
    ['PATCH', await session.patch()],
    ['GET', await session.ask('GET')],
  ] as const;
  for (const [method, { status }] of asked) {
    seen.should([404, 410].includes(status), `${method} after DELETE was answered ${status}`);
  }
}

export async function deleteIgnoresTags({ server, seen, kind }: Given): Promise<void> {
  const session = await server.open(kind);
  const reply = await session.delete({ 'If-Match': '"not-this-one"' });
  seen.must(isSuccess(reply), `DELETE with another If-Match was answered ${reply.status}`);
}

function notFromOutside(): never {
  throw new NotApplicable('an administrator must end the session: not to be seen from outside');
}

export async function vanished({ server, seen, kind }: Given): Promise<void> {
  const { peer, session } = await (kind === 'publish'
    ? connectPublisher(server)
    : connectViewer(server));
  if (!isSuccess(await session.ask('GET'))) {
    peer.close();
    throw new NotApplicable('GET of a session tells nothing here');
  }
  peer.close();
  const { patienceMs } = server.options;
  const gone = await waitFor(async () => [404, 410].includes(await statusOf(session)), {
    timeoutMs: patienceMs,
    everyMs: 1000,
    what: 'the session to be gone',
  }).catch(() => false);
  seen.must(gone, `${patienceMs / 1000} s after its client vanished the session is still there`);
  session.ended = gone;
}

const statusOf = async (session: Session): Promise<number> => (await session.ask('GET')).status;

async function getIsEmpty({ server, seen, kind }: Given): Promise<void> {
  const session = await server.open(kind);
  const asked = [
    ['endpoint', await server.ask(kind, 'GET')],
    ['session', await session.ask('GET')],
  ] as const;
  for (const [name, reply] of asked) {
    seen.must(isSuccess(reply), `GET on the ${name} was answered ${reply.status}, 2xx wanted`);
    if (!isSuccess(reply)) continue;
    seen.must(reply.body === '', `GET on the ${name} has content`);
    seen.policy(reply.status === 204, `GET on the ${name} was answered ${reply.status}, not 204`);
  }
}

async function headMirrors({ server, seen, kind }: Given): Promise<void> {
  const session = await server.open(kind);
  const pairs = [
    ['endpoint', await server.ask(kind, 'GET'), await server.ask(kind, 'HEAD')],
    ['session', await session.ask('GET'), await session.ask('HEAD')],
  ] as const;
  const answered = pairs.filter(([, get]) => isSuccess(get));
  if (answered.length === 0) throw new NotApplicable('GET is not supported');
  for (const [name, get, head] of answered) {
    const same = get.status === head.status;
    seen.must(same, `on the ${name} GET was answered ${get.status}, HEAD ${head.status}`);
  }
}

export async function otherMethods({ server, seen, kind }: Given): Promise<void> {
  const session = await server.open(kind);
  const body = '{}';
  const headers = { 'Content-Type': 'application/json' };
  const asked: [string, Reply][] = [];
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    asked.push([`${method} on the endpoint`, await server.ask(kind, method, { body, headers })]);
  }
  for (const method of ['POST', 'PUT']) {
    asked.push([`${method} on the session`, await session.ask(method, { body, headers })]);
  }
  for (const [name, reply] of asked) {
    seen.must(reply.status >= 400, `${name} was answered ${reply.status}, 405 wanted`);
    if (reply.status < 400) continue;
    seen.should([405, 501].includes(reply.status), `${name} was answered ${reply.status}, not 405`);
    if (reply.status !== 405) continue;
    const allow = header(reply, 'allow');
    seen.must(allow !== undefined, `the 405 to ${name} has no Allow`);
    const method = name.split(' ', 1)[0]?.toLowerCase() ?? '';
    seen.must(!tokens(allow).includes(method), `the 405 to ${name} allows it: ${allow ?? ''}`);
  }
  const alive = await session.ask('OPTIONS');
  seen.must(![404, 410].includes(alive.status), 'one of them ended the session');
}

async function unknownMethod({ server, seen, kind }: Given): Promise<void> {
  const { url } = server.endpoint(kind);
  const { pathname, search, host } = new URL(url);
  await server.http.turn();
  const { statuses } = await sendRaw(
    url,
    [`BREW ${pathname}${search} HTTP/1.1`, `Host: ${host}`, 'Connection: close'],
    { timeoutMs: server.http.timeoutMs },
  );
  const [status] = statuses;
  const refused = status === 501 || status === 405;
  seen.should(refused, `BREW was answered ${status ?? 'by a close'}, 501 wanted`);
}

export async function options({ server, seen, kind }: Given): Promise<void> {
  const reply = await server.ask(kind, 'OPTIONS');
  seen.must(isSuccess(reply), `OPTIONS was answered ${reply.status}, 200 wanted`);
  if (!isSuccess(reply)) return;
  const accepts = tokens(header(reply, 'accept-post'));
  seen.should(accepts.includes('application/sdp'), 'the answer to OPTIONS has no Accept-Post');
  seen.policy(reply.status === 200, `OPTIONS was answered ${reply.status}, not 200`);
}
