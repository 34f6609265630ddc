import { header, isRefusal, isSuccess, tokens, type Reply } from '../http-client.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';
import { PROTOCOL, type Kind } from '../kind.ts';

/** What scripts of other web origins may do and read, on every endpoint that there is. */
export const corsRules = rulesOf(
  'CORS',
  [
    ['01', 'MUST', '§3.2.2', 'A preflight for POST passes without a token', onEach(postPreflight)],
    [
      '02',
      'MUST',
      '§3.2.2',
      'Preflights for PATCH and DELETE pass, for unknown sessions too',
      onEach(sessionPreflights),
    ],
    ['03', 'SHOULD', '§3.2.2', 'A preflight for OPTIONS passes', onEach(optionsPreflight)],
    ['04', 'MUST', '§3.2.3', 'Allowed headers name Authorization', onEach(namedHeaders)],
    ['05', 'MUST', '§3.2.3', 'Location, ETag, Link and the like are exposed', onEach(exposed)],
    ['06', 'MUST', '§3.2.3', 'Refusals can be read by scripts', onEach(readableRefusals)],
    [
      '07',
      'MUST',
      '§3.2.5',
      'An echoed origin varies; an unknown one does nothing',
      onEach(otherOrigins),
    ],
    ['08', 'MUST', '§3.2.5', 'No credentials with "*"', onEach(noCredentials)],
    ['09', 'policy', '§3.2.3', 'Preflights are cached', onEach(cached)],
    [
      '10',
      'MAY',
      'Private Network Access',
      'Requests into private networks are allowed',
      onEach(privateNetwork),
    ],
  ],
  'Fetch',
);

const SENT = 'authorization,content-type,if-match';
const WANTED = [
  'location',
  'etag',
  'link',
  'accept-post',
  'accept-patch',
  'retry-after',
  'www-authenticate',
  'access-control-allow-methods',
];

/** The check on each endpoint; findings name the endpoint when there are two. */
function onEach(check: (given: Given) => Promise<void>) {
  return async ({ server, seen }: Given): Promise<void> => {
    const reasons: string[] = [];
    const kinds: readonly Kind[] = ['publish', 'watch'];
    for (const kind of kinds.filter((known) => server.has(known))) {
      const before = seen.failures.length;
      try {
        await check({ server, seen, kind });
      } catch (error) {
        if (!(error instanceof NotApplicable)) throw error;
        reasons.push(`${PROTOCOL[kind]}: ${error.message}`);
      }
      const found = seen.failures.splice(before);
      seen.failures.push(
        ...found.map(({ level, saw }) => ({ level, saw: `${PROTOCOL[kind]}: ${saw}` })),
      );
      await server.tidy();
    }
    const checked = kinds.filter((kind) => server.has(kind)).length;
    if (reasons.length === checked) throw new NotApplicable(reasons.join('; '));
  };
}

function preflight(given: Given, method: string, url?: string, more = {}): Promise<Reply> {
  const { server, kind } = given;
  return server.ask(kind, 'OPTIONS', {
    anonymous: true,
    ...(url === undefined ? {} : { url, about: `${kind} session` }),
    headers: {
      Origin: server.options.origin,
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': SENT,
      ...more,
    },
  });
}

const allowedOrigin = (reply: Reply): string | undefined =>
  header(reply, 'access-control-allow-origin');

/** Whether a browser would go on after this preflight. */
function judgePreflight({ server, seen }: Given, reply: Reply, method: string, name: string): void {
  const { origin } = server.options;
  seen.must(isSuccess(reply), `the preflight for ${name} was answered ${reply.status}`);
  if (!isSuccess(reply)) return;
  const allowed = [origin, '*'].includes(allowedOrigin(reply) ?? '');
  seen.must(allowed, `the preflight for ${name} does not allow ${origin}`);
  const methods = tokens(header(reply, 'access-control-allow-methods'));
  seen.must(
    method === 'POST' || methods.includes(method.toLowerCase()),
    `the preflight for ${name} does not allow ${method}`,
  );
  const headers = header(reply, 'access-control-allow-headers');
  seen.must(headers !== undefined, `the preflight for ${name} allows no headers`);
}

async function postPreflight(given: Given): Promise<void> {
  judgePreflight(given, await preflight(given, 'POST'), 'POST', 'POST');
}

async function sessionPreflights(given: Given): Promise<void> {
  const session = await given.server.open(given.kind);
  // What is gone is as unknown as what never was, and no address has to be made up.
  for (const state of ['live', 'ended']) {
    for (const method of ['PATCH', 'DELETE']) {
      const reply = await preflight(given, method, session.url);
      judgePreflight(given, reply, method, `${method} of a session that is ${state}`);
    }
    if (state === 'live') await session.delete();
  }
}

async function optionsPreflight(given: Given): Promise<void> {
  const reply = await preflight(given, 'OPTIONS');
  const methods = tokens(header(reply, 'access-control-allow-methods'));
  const passes = isSuccess(reply) && (methods.includes('options') || methods.includes('*'));
  given.seen.should(passes, 'a script cannot ask OPTIONS, which some players do');
}

async function namedHeaders(given: Given): Promise<void> {
  const { seen } = given;
  const reply = await preflight(given, 'POST');
  if (!isSuccess(reply)) throw new NotApplicable('no preflight passes');
  const headers = tokens(header(reply, 'access-control-allow-headers'));
  for (const name of ['authorization', 'content-type', 'if-match']) {
    const ok = headers.includes(name) || (name !== 'authorization' && headers.includes('*'));
    seen.must(ok, `Access-Control-Allow-Headers does not name ${name}`);
  }
  const etag = headers.includes('etag') || headers.includes('*');
  seen.policy(etag, 'Access-Control-Allow-Headers does not name etag: one player sends it');
}

async function exposed({ server, seen, kind }: Given): Promise<void> {
  const { origin } = server.options;
  const reply = await server.post(kind, { headers: { Origin: origin } });
  if (!isSuccess(reply))
    throw new NotApplicable(`POST with an Origin was answered ${reply.status}`);
  const names = tokens(header(reply, 'access-control-expose-headers'));
  for (const name of WANTED) {
    const all = names.includes('*') && server.endpoint(kind).token === null;
    const ok = all || names.includes(name) || header(reply, name) === undefined;
    seen.must(ok, `the 201 has ${name}, which scripts cannot read`);
    seen.policy(all || names.includes(name), `Access-Control-Expose-Headers lacks ${name}`);
  }
}

async function readableRefusals({ server, seen, kind }: Given): Promise<void> {
  const headers = { Origin: server.options.origin };
  const refused = [
    ['401', await server.post(kind, { anonymous: true, headers })],
    ['415', await server.post(kind, { type: 'text/plain', headers })],
    ['400', await server.post(kind, { body: 'no SDP', headers })],
    ['405', await server.ask(kind, 'PUT', { headers })],
  ] as const;
  for (const [name, reply] of refused) judgeReadable(name, reply);
  const session = await server.open(kind);
  if (session.etag !== undefined) {
    judgeReadable('428', await session.ask('PATCH', { headers, body: 'x' }));
  }
  await session.delete();
  judgeReadable('404', await session.ask('DELETE', { headers }));

  function judgeReadable(name: string, reply: Reply): void {
    if (!isRefusal(reply)) return;
    const ok = [server.options.origin, '*'].includes(allowedOrigin(reply) ?? '');
    seen.must(ok, `a ${reply.status} (${name} wanted) has no Access-Control-Allow-Origin`);
  }
}

async function otherOrigins(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const reply = await preflight(given, 'POST');
  const allowed = allowedOrigin(reply);
  if (allowed === undefined) throw new NotApplicable(`${server.options.origin} is not let in`);
  if (allowed === '*') throw new NotApplicable('all origins are let in');
  const varies = tokens(header(reply, 'vary'));
  seen.must(varies.includes('origin') || varies.includes('*'), 'the origin is echoed without Vary');
  const stranger = { Origin: 'https://stranger.invalid' };
  const posted = await server.post(kind, { headers: stranger });
  if (allowedOrigin(posted) === stranger.Origin) return;
  seen.must(!isSuccess(posted), `a POST of an unknown origin was answered ${posted.status}`);
}

async function noCredentials(given: Given): Promise<void> {
  const reply = await preflight(given, 'POST');
  if (allowedOrigin(reply) === undefined) throw new NotApplicable('no CORS headers');
  const both =
    allowedOrigin(reply) === '*' && header(reply, 'access-control-allow-credentials') === 'true';
  given.seen.must(!both, 'credentials are allowed together with "*"');
}

async function cached(given: Given): Promise<void> {
  const reply = await preflight(given, 'PATCH');
  if (!isSuccess(reply)) throw new NotApplicable('no preflight passes');
  const age = Number(header(reply, 'access-control-max-age') ?? 0);
  given.seen.policy(age > 0, 'no Access-Control-Max-Age: a preflight before every request');
}

async function privateNetwork(given: Given): Promise<void> {
  const asking = { 'Access-Control-Request-Private-Network': 'true' };
  const reply = await preflight(given, 'POST', undefined, asking);
  const allowed = header(reply, 'access-control-allow-private-network');
  if (allowed === undefined) throw new NotApplicable('not configured, or not supported');
  given.seen.may(allowed === 'true', `Access-Control-Allow-Private-Network: ${allowed}`);
}
