import { header, isRefusal, isSuccess, mediaType, type Reply } from '../http-client.ts';
import { linksOf, readLinks } from '../links.ts';
import { chromium, withAllCandidates, withoutCandidates } from '../offers.ts';
import { connectPublisher, connectViewer, NoConnection } from '../peers.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';
import type { Kind } from '../kind.ts';
import type { Posting, ServerUnderTest } from '../server-under-test.ts';

/** What a POST to an endpoint makes, and what it must not make. */
export const creatingRules = rulesOf('WHIP', [
  [
    '01',
    'MUST',
    '§4.2',
    'A valid offer is answered 201 with an SDP answer and a Location',
    created,
  ],
  ['02', 'MUST', 'RFC 9110 §10.2.2', 'Location names the session for PATCH and DELETE', location],
  ['03', 'MUST', '§4.3.1', 'The 201 carries a strong ETag', strongEtag],
  ['04', 'MUST', '§4.2', 'Another Content-Type than application/sdp is refused', wrongType],
  [
    '05',
    'MUST',
    'RFC 9110 §8.3.1',
    'The media type is compared without case and parameters',
    anyCase,
  ],
  ['06', 'MUST', '§4.2', 'A body that is no SDP is refused', malformed],
  ['19', 'SHOULD', '§4.3.2', 'Offers without and with all candidates are taken', anyCandidates],
  ['21', 'MUST', '§4.9', 'Each extension is advertised by a Link of its own', extensionLinks],
]);

export async function created({ server, seen, kind }: Given): Promise<void> {
  const { reply } = await server.sample(kind);
  seen.must(reply.status === 201, `POST was answered ${reply.status}, 201 wanted`);
  if (!isSuccess(reply)) return;
  const type = header(reply, 'content-type') ?? 'none';
  seen.must(mediaType(reply) === 'application/sdp', `the answer's Content-Type is ${type}`);
  seen.policy(
    mediaType(reply) !== 'application/sdp' || type === 'application/sdp',
    `the answer's Content-Type is "${type}": some clients compare it whole`,
  );
  seen.must(reply.body.startsWith('v=0\r\n'), 'the body does not start with v=0 and CRLF');
  seen.must(header(reply, 'location') !== undefined, 'the 201 has no Location');
  if (seen.failures.length > 0 || !server.options.media) return;
  try {
    const { peer } = await (kind === 'publish' ? connectPublisher(server) : connectViewer(server));
    server.defer(() => peer.close());
  } catch (error) {
    if (!(error instanceof NoConnection)) throw error;
    seen.must(false, `with a real offer: ${error.message}`);
  }
}

export async function location({ server, seen, kind }: Given): Promise<void> {
  const { session, reply, delete: deleted } = await server.sample(kind);
  if (session === null || deleted === null) throw new NotApplicable('no session');
  seen.must(
    isSuccess(deleted),
    `DELETE of the resolved Location was answered ${deleted.status}, not 2xx`,
  );
  const text = header(reply, 'location') ?? '';
  seen.policy(/^https?:\/\//.test(text), 'Location is relative: OBS resolves it in its own way');
  seen.policy(!session.url.includes('?'), 'Location has a query string');
  seen.policy(
    new URL(session.url).origin === new URL(reply.url).origin,
    'Location is of another origin than the endpoint',
  );
}

export async function strongEtag({ server, seen, kind }: Given): Promise<void> {
  const { session, patch } = await server.sample(kind);
  if (session === null || patch === null) throw new NotApplicable('no session');
  if (session.etag === undefined) {
    if (!isSuccess(patch)) throw new NotApplicable('no ETag, and PATCH is not supported');
    seen.must(false, 'PATCH is supported, but the 201 has no ETag');
    return;
  }
  seen.must(/^"[\x21\x23-\x7e\x80-\xff]*"$/.test(session.etag), `the ETag is ${session.etag}`);
}

export async function wrongType({ server, seen, kind }: Given): Promise<void> {
  for (const type of ['text/plain', 'application/json', null]) {
    const reply = await server.post(kind, { type });
    const name = type ?? 'no Content-Type';
    seen.must(isRefusal(reply), `${name} was answered ${reply.status}, 4xx wanted`);
    if (!isRefusal(reply)) continue;
    seen.policy(reply.status === 415, `${name} was answered ${reply.status}, 415 wanted`);
    if (reply.status !== 415) continue;
    const accepts = header(reply, 'accept-post') ?? '';
    seen.policy(accepts.includes('application/sdp'), `the 415 to ${name} has no Accept-Post`);
  }
}

export async function anyCase({ server, seen, kind }: Given): Promise<void> {
  for (const type of ['Application/SDP', 'application/sdp; charset=utf-8']) {
    const reply = await postValid({ server, seen, kind }, { type });
    seen.must(isSuccess(reply), `"${type}" was answered ${reply.status}`);
  }
}

export async function malformed({ server, seen, kind }: Given): Promise<void> {
  const bodies: readonly (readonly [string, string | Uint8Array])[] = [
    ['an empty body', ''],
    ['a body of words', 'this is no session description'],
    ['a truncated offer', chromium(kind).slice(0, 40)],
    ['a binary body', new Uint8Array(64).map((_, at) => (at * 37) & 0xff)],
  ];
  for (const [name, body] of bodies) {
    const reply = await server.post(kind, { body });
    seen.must(isRefusal(reply), `${name} was answered ${reply.status}, 4xx wanted`);
    // An empty POST is the old WHEP flow, which WHEP-08 looks at.
    const known = kind === 'watch' ? [400, 415, 422] : [400];
    if (isRefusal(reply)) {
      seen.policy(known.includes(reply.status), `${name} was answered ${reply.status}, not 400`);
    }
  }
}

export async function anyCandidates({ server, seen, kind }: Given): Promise<void> {
  const offers = [
    ['no candidates', withoutCandidates(chromium(kind))],
    ['all candidates and end-of-candidates', withAllCandidates(chromium(kind))],
  ] as const;
  for (const [name, offer] of offers) {
    const reply = await postValid({ server, seen, kind }, { offer });
    seen.should(isSuccess(reply), `an offer with ${name} was answered ${reply.status}`);
  }
}

export async function extensionLinks({ server, seen, kind }: Given): Promise<void> {
  const { reply, session } = await server.sample(kind);
  if (session === null) throw new NotApplicable('no session');
  const { links, malformed: bad } = readLinks(reply.headers['link']);
  for (const text of bad) seen.must(false, `a Link does not parse (RFC 8288): ${text}`);
  const extensions = links.filter((link) => !linksOf([link], 'ice-server').includes(link));
  const prefix = `urn:ietf:params:${kind === 'publish' ? 'whip' : 'whep'}:ext:`;
  for (const { parameters, text } of extensions) {
    const relation = parameters.get('rel') ?? '';
    seen.must(relation.startsWith(prefix), `a Link in the 201 is no ${prefix}…: ${text}`);
  }
  if (bad.length + extensions.length === 0) {
    throw new NotApplicable('the server advertises no extension');
  }
}

/** Posts an offer that must do; n/a when not even the ordinary one does. */
export async function postValid({ server, kind }: Given, posting: Posting): Promise<Reply> {
  const { session, reply: ordinary } = await server.sample(kind);
  if (session === null) throw new NotApplicable(`no session: POST was answered ${ordinary.status}`);
  const reply = await server.post(kind, posting);
  if (reply.status !== 0) return reply;
  await freeName(server, kind);
  return server.post(kind, posting);
}

/** A refused publisher holds its name at SRS 6, which then closes connections for half a minute. */
export async function freeName(server: ServerUnderTest, kind: Kind): Promise<void> {
  await (await server.open(kind)).delete();
}
