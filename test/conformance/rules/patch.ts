import { readDescription, valuesOf } from '../description.ts';
import { FRAGMENT, fragmentOf, lines } from '../fragment.ts';
import { header, isRefusal, isSuccess, mediaType, tokens, type Reply } from '../http-client.ts';
import { connectPublisher, connectViewer, settles } from '../peers.ts';
import { waitFor } from '../../support/wait-for.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';
import type { Session } from '../session.ts';

/** PATCH: preconditions, trickle and restart. */
export const patchRules = rulesOf('WHIP', [
  ['40', 'SHOULD', '§4.3', 'Trickle ICE or ICE restarts are supported', eitherIsSupported],
  ['41', 'MUST', '§4.3.1', 'PATCH with another Content-Type is refused', wrongType],
  ['42', 'MUST', '§4.3.1', 'A malformed fragment is refused', malformed],
  [
    '43',
    'MUST',
    '§4.3.1',
    'What is not supported of trickle and restart is answered 422',
    oneOfTwo,
  ],
  ['44', 'policy', '§4.3.1', 'Without either, PATCH is answered 405 with Allow', neither],
  ['45', 'MUST', '§4.3.2', 'Trickle is answered 204 without body and ETag', trickle],
  ['47', 'MUST', '§4.3.1, RFC 6585 §3', 'PATCH without If-Match is answered 428', noCondition],
  [
    '48',
    'MUST',
    '§4.3.1, RFC 9110 §13.1.1',
    'If-Match is compared strongly; lists and * work',
    conditions,
  ],
  ['49', 'policy', '§4.3.3', 'If-Match: "*" counts as *', quotedStar],
  ['50', 'MUST', '§4.3.3', 'A restart brings new credentials, candidates and ETag', restart],
  ['51', 'MUST', '§4.3.3', 'A restart that cannot be leaves the session as it was', restartKeeps],
  ['57', 'SHOULD', 'RFC 5789 §3.1', 'OPTIONS and 415 of a session tell Accept-Patch', acceptPatch],
]);

/** A session that takes trickle. @throws NotApplicable */
export async function openTrickling({ server, kind }: Given): Promise<Session> {
  const { patch, session } = await server.sample(kind);
  if (patch === null || session === null) throw new NotApplicable('no session');
  if (!supports(session, patch)) throw new NotApplicable('PATCH is not supported');
  return server.open(kind);
}

/** A session with an ETag promises PATCH (RFC 9725 §4.3.1); 422 refuses one use of it. */
const supports = ({ etag }: Session, patch: Reply): boolean =>
  isSuccess(patch) || patch.status === 422 || (etag !== undefined && !isMissing(patch));

const isMissing = ({ status }: Reply): boolean => status === 405 || status === 501;

/** Credentials of a client that gathers anew. */
const NEW = { ufrag: 'reSt', pwd: 'aNewPasswordForTheRestart' };

const restartOf = (session: Session): Promise<Reply> =>
  session.patch({ body: fragmentOf(NEW), ifMatch: '*' });

/** How long media is looked at after a refused restart. */
const WATCHED_MS = 1500;

async function eitherIsSupported({ server, seen, kind }: Given): Promise<void> {
  const { patch } = await server.sample(kind);
  if (patch === null) throw new NotApplicable('no session');
  if (isSuccess(patch)) return;
  const restarted = await restartOf(await server.open(kind));
  const statuses = `${patch.status}, a restart ${restarted.status}`;
  seen.should(isSuccess(restarted), `a trickle PATCH was answered ${statuses}`);
}

async function wrongType(given: Given): Promise<void> {
  const { seen } = given;
  const session = await openTrickling(given);
  for (const type of ['text/plain', 'application/json']) {
    const reply = await session.patch({ type });
    seen.must(isRefusal(reply), `${type} was answered ${reply.status}, 4xx wanted`);
    if (isRefusal(reply)) {
      seen.policy(reply.status === 415, `${type} was answered ${reply.status}, 415 wanted`);
    }
  }
}

async function malformed(given: Given): Promise<void> {
  const { seen } = given;
  const session = await openTrickling(given);
  const bodies = [
    ['words', 'this is no fragment'],
    ['a broken candidate', fragmentOf(session.ice, ['a=candidate:not one at all'])],
    ['binary', '\u0000\u0001\u0002\u0003'],
  ] as const;
  for (const [name, body] of bodies) {
    const reply = await session.patch({ body });
    seen.must(isRefusal(reply), `${name} was answered ${reply.status}, 4xx wanted`);
    if (isRefusal(reply)) {
      seen.policy(reply.status === 400, `${name} was answered ${reply.status}, 400 wanted`);
    }
  }
}

async function oneOfTwo(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const session = await openTrickling(given);
  const { patch } = await server.sample(kind);
  const [trickled, restarted] = [patch?.status ?? 0, await restartOf(session)];
  const ok = [trickled, restarted.status].every((status) => status < 300 || status === 422);
  seen.must(
    ok,
    `trickle was answered ${trickled}, a restart ${restarted.status}: 2xx or 422 wanted`,
  );
}

async function neither({ server, seen, kind }: Given): Promise<void> {
  const { patch, session } = await server.sample(kind);
  if (patch === null || session === null) throw new NotApplicable('no session');
  if (supports(session, patch) && !isMissing(patch)) throw new NotApplicable('PATCH is supported');
  seen.policy(isMissing(patch), `PATCH was answered ${patch.status}, 405 wanted`);
  if (patch.status !== 405) return;
  seen.policy(header(patch, 'allow') !== undefined, 'the 405 to PATCH has no Allow');
}

async function trickle({ server, seen, kind }: Given): Promise<void> {
  const { patch, session } = await server.sample(kind);
  if (patch === null || session === null) throw new NotApplicable('no session');
  if (!supports(session, patch)) throw new NotApplicable('PATCH is not supported');
  if (patch.status === 422) throw new NotApplicable('trickle is not supported');
  seen.must(patch.status === 204, `trickle was answered ${patch.status}, 204 wanted`);
  if (!isSuccess(patch)) return;
  seen.must(patch.body === '', 'the answer to a trickle has a body');
  seen.must(header(patch, 'etag') === undefined, 'the answer to a trickle has an ETag');
}

async function noCondition(given: Given): Promise<void> {
  const session = await openTrickling(given);
  if (session.etag === undefined) throw new NotApplicable('the session has no ETag');
  const { status } = await session.patch({ ifMatch: null });
  given.seen.must(status === 428, `PATCH without If-Match was answered ${status}, 428 wanted`);
}

async function conditions(given: Given): Promise<void> {
  const { seen } = given;
  const session = await openTrickling(given);
  const { etag } = session;
  if (etag === undefined) throw new NotApplicable('the session has no ETag');
  for (const ifMatch of ['"not-this-one"', `W/${etag}`]) {
    const { status } = await session.patch({ ifMatch });
    seen.must(status === 412, `If-Match: ${masked(ifMatch, etag)} was answered ${status}, not 412`);
  }
  for (const ifMatch of [`"not-this-one", ${etag}`, '*']) {
    const reply = await session.patch({ ifMatch });
    const ok = isSuccess(reply) || reply.status === 422;
    seen.must(ok, `If-Match: ${masked(ifMatch, etag)} was answered ${reply.status}`);
  }
}

async function quotedStar(given: Given): Promise<void> {
  const session = await openTrickling(given);
  if (session.etag === undefined) throw new NotApplicable('the session has no ETag');
  const reply = await session.patch({ ifMatch: '"*"' });
  const ok = isSuccess(reply) || reply.status === 422;
  given.seen.policy(ok, `it was answered ${reply.status}`);
}

async function restart(given: Given): Promise<void> {
  const { seen } = given;
  const session = await openTrickling(given);
  const reply = await restartOf(session);
  if (!isSuccess(reply)) throw new NotApplicable(`restarts are not supported: ${reply.status}`);
  seen.must(reply.status === 200, `a restart was answered ${reply.status}, 200 wanted`);
  seen.must(mediaType(reply) === FRAGMENT, `the answer's type is ${mediaType(reply) || 'missing'}`);
  const etag = header(reply, 'etag');
  seen.must(etag !== undefined && etag !== session.etag, 'the answer has no new ETag');
  const all = reply.body.split(/\r?\n/);
  const ufrag = valuesOf(all, 'a=ice-ufrag:')[0];
  const known = session.reply.body.includes(`a=ice-ufrag:${ufrag ?? ''}\r\n`);
  seen.must(ufrag !== undefined && !known, 'the answer has no new ice-ufrag');
  seen.must(valuesOf(all, 'a=ice-pwd:').length > 0, 'the answer has no ice-pwd');
  seen.must(valuesOf(all, 'a=candidate:').length > 0, 'the answer has no candidates');
  const lite = readDescription(session.reply.body).session.includes('a=ice-lite');
  seen.must(all.includes('a=ice-lite') === lite, 'ice-lite is not as in the answer to the POST');
}

async function restartKeeps(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  await openTrickling(given);
  await server.tidy();
  const media = server.options.media ? await connect(given) : null;
  const session = media?.session ?? (await server.open(kind));
  const reply = await restartOf(session);
  if (isSuccess(reply)) throw new NotApplicable('restarts are supported');
  const next = await session.patch();
  seen.must(isSuccess(next), `after the refused restart trickle was answered ${next.status}`);
  if (media === null) return;
  const before = media.packets();
  const ended = await settles(media.ended, WATCHED_MS);
  seen.must(!ended, 'the refused restart ended the connection');
  const flows = kind === 'publish' || media.packets() > before;
  seen.must(ended || flows, 'after the refused restart no media comes any more');
}

async function connect({ server, kind }: Given) {
  if (kind === 'publish') {
    const { peer, session } = await connectPublisher(server);
    server.defer(() => peer.close());
    return { session, ended: peer.ended, packets: () => 0 };
  }
  const { peer, session } = await connectViewer(server);
  server.defer(() => peer.close());
  const packets = (): number => peer.audio.packets + peer.video.packets;
  await waitFor(() => packets() > 0, { timeoutMs: 15_000, what: 'media' });
  return { session, ended: peer.ended, packets };
}

async function acceptPatch(given: Given): Promise<void> {
  const { seen } = given;
  const session = await openTrickling(given);
  const asked = [
    ['OPTIONS', await session.ask('OPTIONS')],
    ['415', await session.patch({ body: lines('{}'), type: 'application/json' })],
  ] as const;
  for (const [name, reply] of asked) {
    if (name === '415' && reply.status !== 415) continue;
    const accepts = tokens(header(reply, 'accept-patch'));
    seen.should(accepts.includes(FRAGMENT), `the answer to ${name} has no Accept-Patch`);
  }
}

/** An entity-tag may tell more than it should. */
const masked = (ifMatch: string, etag: string): string => ifMatch.replace(etag, '"…"');
