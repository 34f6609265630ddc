import { header, type Exchange } from '../http-client.ts';
import { linksOf, readLinks, type Link } from '../links.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';

/** Redirects, overload, STUN and TURN: judged by all replies of the run. */
export const redirectLoadRules = rulesOf('WHIP', [
  ['60', 'MUST', '§4.5', 'Redirects are 307, never 301 or 302', redirectCodes],
  [
    '61',
    'policy',
    'Fetch',
    'Redirects stay in their origin: browsers drop the token elsewhere',
    sameOrigin,
  ],
  ['62', 'MUST', '§4.5', 'Requests to a session are never redirected', sessionsAreFinal],
  ['63', 'MAY', '§4.5', 'Overload is 503 or 429 and says when to come again', retryAfter],
  ['64', 'MAY', '§4.6', 'The 201 tells STUN and TURN servers', iceServers],
  ['65', 'MUST', '§4.6', 'A TURN server comes with user name, credential and type', iceServerForm],
  ['66', 'SHOULD', '§4.6', 'ice-server Links stay out of CORS preflights', noLinksOnPreflight],
]);

const isRedirect = ({ reply }: Exchange): boolean => reply.status >= 300 && reply.status < 400;

async function seenAt({ server, kind }: Given, what: string): Promise<readonly Exchange[]> {
  await server.sample(kind);
  return server.http.exchanges.filter(({ about }) => about === `${kind} ${what}`);
}

export async function redirectCodes(given: Given): Promise<void> {
  const redirects = (await seenAt(given, 'endpoint')).filter(isRedirect);
  if (redirects.length === 0) throw new NotApplicable('the server redirected nothing');
  for (const status of new Set(redirects.map(({ reply }) => reply.status))) {
    given.seen.must([307, 308].includes(status), `a request was redirected by ${status}`);
    given.seen.policy(status !== 308, 'a request was redirected by 308, which few clients know');
  }
}

async function sameOrigin(given: Given): Promise<void> {
  const redirects = (await seenAt(given, 'endpoint')).filter(isRedirect);
  if (redirects.length === 0) throw new NotApplicable('the server redirected nothing');
  const leaves = redirects.some(({ reply }) => {
    const target = new URL(header(reply, 'location') ?? '', reply.url);
    return target.origin !== new URL(reply.url).origin;
  });
  given.seen.policy(!leaves, 'a redirect leads to another origin');
}

export async function sessionsAreFinal(given: Given): Promise<void> {
  const all = await seenAt(given, 'session');
  if (all.length === 0) throw new NotApplicable('no session');
  for (const { method, reply } of all.filter(isRedirect)) {
    given.seen.must(false, `${method} on a session was redirected by ${reply.status}`);
  }
}

export async function retryAfter(given: Given): Promise<void> {
  await given.server.sample(given.kind);
  const busy = given.server.http.exchanges.filter(
    ({ reply, about }) => [429, 503].includes(reply.status) && / (?:endpoint|session)$/.test(about),
  );
  if (busy.length === 0) throw new NotApplicable('the server was never busy');
  for (const { method, reply } of busy) {
    const after = header(reply, 'retry-after');
    const valid = after !== undefined && (/^\d+$/.test(after) || !Number.isNaN(Date.parse(after)));
    given.seen.may(valid, `a ${reply.status} to ${method} has no Retry-After that can be read`);
  }
}

export async function iceServers(given: Given): Promise<void> {
  if ((await iceLinks(given)).length === 0) throw new NotApplicable('the server tells none');
}

async function iceServerForm(given: Given): Promise<void> {
  const { seen } = given;
  const links = await iceLinks(given);
  if (links.length === 0) throw new NotApplicable('the server tells none');
  for (const { target, parameters, text } of links) {
    seen.must(/^(?:stun|turn)s?:[^/]/i.test(target), `no STUN or TURN URI: ${target}`);
    if (!/^turns?:/i.test(target)) continue;
    const type = parameters.get('credential-type') ?? 'password';
    const whole = parameters.has('credential') && parameters.has('username');
    seen.must(type !== 'password' || whole, `${target} has no user name or no credential`);
    seen.policy(USUAL_FORM.test(text), `${target}: not in the form that all known clients read`);
  }
}

const USUAL_FORM =
  /^<turns?:[^>,]+>; rel="ice-server"; username="[^";]+"; credential="[A-Za-z0-9+/=:._-]+"; credential-type="password"$/;

export async function noLinksOnPreflight({ server, seen, kind }: Given): Promise<void> {
  const preflight = await server.ask(kind, 'OPTIONS', {
    anonymous: true,
    headers: { Origin: server.options.origin, 'Access-Control-Request-Method': 'POST' },
  });
  const { links } = readLinks(preflight.headers['link']);
  seen.should(linksOf(links, 'ice-server').length === 0, 'a preflight tells ICE servers');
  const plain = await server.ask(kind, 'OPTIONS');
  const others = readLinks(plain.headers['link']).links.filter(
    (link) => !linksOf([link], 'ice-server').includes(link),
  );
  seen.policy(others.length === 0, 'OPTIONS has other Links: MediaMTX’s reader fails on them');
}

async function iceLinks({ server, kind }: Given): Promise<readonly Link[]> {
  const { session, reply } = await server.sample(kind);
  if (session === null) throw new NotApplicable(`no session: POST was answered ${reply.status}`);
  return linksOf(readLinks(reply.headers['link']).links, 'ice-server');
}
