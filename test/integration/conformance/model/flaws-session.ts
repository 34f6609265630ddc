import { body, header, isPreflight, replies, requests, status, without } from './flaw-parts.ts';
import type { Case } from './flaws-whip.ts';
import type { ModelReply, ModelRequest } from './message.ts';
import { TURN } from './endpoint.ts';

const patched = { at: 'session', method: 'PATCH' } as const;
const taken = { ...patched, status: 204 } as const;
const bodyHas =
  (text: string) =>
  (request: ModelRequest): boolean =>
    request.body.includes(text);
const ifMatch =
  (value: string | undefined) =>
  ({ headers }: ModelRequest): boolean =>
    headers['if-match'] === value;

/** Both endpoints' sessions share them, so both protocols' rules fail. */
const both = (level: string, ...ids: readonly string[]): readonly string[] =>
  [...ids, 'WHEP-16'].map((id) => `${id} ${level}`);

/** Flaws of sessions: DELETE, PATCH and preconditions. */
export const sessionFlaws: readonly Case[] = [
  {
    name: '204 on DELETE',
    fails: ['WHIP-30 policy', 'WHEP-15 policy'],
    flaw: replies({ at: 'session', method: 'DELETE', status: 200 }, status(204)),
  },
  {
    name: '200 on a second DELETE',
    fails: ['WHIP-31 SHOULD', 'WHEP-15 SHOULD'],
    flaw: replies({ at: 'session', method: 'DELETE', status: 404 }, status(200)),
  },
  {
    name: 'If-Match heeded by DELETE',
    fails: ['WHIP-32 MUST', 'WHEP-15 MUST'],
    flaw: replies(
      { at: 'session', method: 'DELETE', status: 200, if: ({ headers }) => 'if-match' in headers },
      status(412),
    ),
  },
  {
    name: 'content on GET of a session',
    fails: ['WHIP-35 MUST', 'WHIP-36 MUST', 'WHEP-23 policy'],
    flaw: replies({ at: 'session', method: 'GET', status: 204 }, (reply) => {
      reply.status = 200;
      reply.body = '{}';
    }),
  },
  {
    name: 'no PATCH at all',
    fails: ['WHIP-40 SHOULD', 'WHEP-16 SHOULD', 'WHEP-07 policy'],
    flaw: replies(
      { ...patched, if: ({ path }, room) => room.session(path.slice(10)) !== undefined },
      (reply) => {
        status(405)(reply, {} as ModelRequest, {} as never);
        reply.headers['allow'] = 'DELETE, GET, HEAD, OPTIONS';
      },
    ),
  },
  {
    name: 'PATCH of any type',
    fails: both('MUST', 'WHIP-41'),
    flaw: requests(
      { ...patched, if: ({ headers }) => headers['content-type'] === 'text/plain' },
      ({ headers }) => void (headers['content-type'] = 'application/trickle-ice-sdpfrag'),
    ),
  },
  {
    name: 'malformed fragments taken',
    fails: both('MUST', 'WHIP-42'),
    flaw: replies({ ...patched, status: 400 }, status(204)),
  },
  {
    name: '500 for a restart',
    fails: both('MUST', 'WHIP-43'),
    flaw: replies({ ...patched, status: 422 }, status(500)),
  },
  {
    name: 'an ETag with each trickle',
    fails: both('MUST', 'WHIP-45'),
    flaw: replies(taken, header('etag', '"another"')),
  },
  {
    name: '200 for a trickle',
    fails: both('MUST', 'WHIP-45'),
    flaw: replies(taken, status(200)),
  },
  {
    name: '.local candidates refused',
    fails: both('MUST', 'WHIP-46'),
    flaw: replies({ ...taken, if: bodyHas('.local') }, status(400)),
  },
  {
    name: 'no If-Match needed',
    fails: both('MUST', 'WHIP-47'),
    flaw: replies({ ...patched, status: 428 }, status(204)),
  },
  {
    name: 'any If-Match taken',
    fails: both('MUST', 'WHIP-48'),
    flaw: replies({ ...patched, status: 412 }, status(204)),
  },
  {
    name: '"*" refused',
    fails: both('policy', 'WHIP-49'),
    flaw: replies({ ...taken, if: ifMatch('"*"') }, status(412)),
  },
  {
    name: '* refused',
    fails: ['WHIP-48 MUST', 'WHIP-52 policy', 'WHEP-16 MUST'],
    flaw: replies({ ...taken, if: ifMatch('*') }, status(412)),
  },
  {
    name: 'a restart with the old ETag',
    restarts: true,
    fails: both('MUST', 'WHIP-50'),
    flaw: replies({ ...patched, status: 200 }, without('etag')),
  },
  {
    name: 'a restart without candidates',
    restarts: true,
    fails: both('MUST', 'WHIP-50'),
    flaw: replies({ ...patched, status: 200 }, body(/^a=candidate.*\r\n/gm, '')),
  },
  {
    name: 'a refused restart that ends the session',
    fails: both('MUST', 'WHIP-51'),
    flaw: replies({ ...patched, status: 422 }, (_reply, { path }, room) => {
      const session = room.session(path.slice('/sessions/'.length));
      if (session !== undefined) room.end(session);
    }),
  },
  {
    name: 'end-of-candidates refused',
    fails: both('MUST', 'WHIP-54'),
    flaw: replies({ ...taken, if: bodyHas('a=end-of-candidates') }, status(400)),
  },
  {
    name: 'component 0 refused',
    fails: both('policy', 'WHIP-55'),
    flaw: replies({ ...taken, if: bodyHas('a=candidate:1 0 ') }, status(400)),
  },
  {
    name: 'eight PATCHes and no more',
    fails: both('policy', 'WHIP-56'),
    flaw: replies(taken, eighthAtMost()),
  },
  {
    name: 'no Accept-Patch',
    fails: both('SHOULD', 'WHIP-57'),
    flaw: replies({ at: 'session', method: 'OPTIONS' }, without('accept-patch')),
  },
  {
    name: 'a redirect by 302',
    fails: ['WHIP-60 MUST'],
    flaw: replies({ at: 'whip', method: 'POST', status: 201, if: first }, redirect(302)),
  },
  {
    name: 'a redirect by 308',
    fails: ['WHIP-60 policy'],
    flaw: replies({ at: 'whip', method: 'POST', status: 201, if: first }, redirect(308)),
  },
  {
    name: 'a redirect by 307',
    fails: [],
    flaw: replies({ at: 'whip', method: 'POST', status: 201, if: first }, redirect(307)),
  },
  {
    name: 'a redirect to another origin',
    fails: ['WHIP-02 policy', 'WHIP-61 policy'],
    flaw: replies({ at: 'whip', method: 'POST', status: 201, if: first }, (reply, request) => {
      redirect(307)(reply, request);
      const target = `${request.origin}${String(reply.headers['location'])}`;
      reply.headers['location'] = target.replace('127.0.0.1', 'localhost');
    }),
  },
  {
    name: 'a redirect of a WHEP endpoint by 301',
    fails: ['WHEP-17 MUST'],
    flaw: replies({ at: 'whep', method: 'POST', status: 201, if: first }, redirect(301)),
  },
  {
    name: 'a redirect of a session',
    fails: ['WHIP-62 MUST', 'WHEP-17 MUST'],
    flaw: replies(
      { at: 'session', method: 'OPTIONS', if: (request) => !isPreflight(request) },
      (reply) => {
        reply.status = 307;
        reply.headers['location'] = '/elsewhere';
      },
    ),
  },
  {
    name: '503 without Retry-After',
    fails: ['WHIP-63 MAY', 'WHEP-17 MAY'],
    flaw: replies({ at: 'whip', method: 'POST', status: 201 }, onceOnly(status(503))),
  },
  {
    name: 'TURN without a credential',
    fails: ['WHIP-65 MUST'],
    flaw: replies(
      { at: 'whip', method: 'POST', status: 201 },
      header('link', '<turn:turn.example:3478>; rel="ice-server"; username="u"'),
    ),
  },
  {
    name: 'TURN in a form of its own',
    fails: ['WHIP-65 policy'],
    flaw: replies(
      { at: 'whip', method: 'POST', status: 201 },
      header('link', TURN.replace('username="u"', 'username=u')),
    ),
  },
  {
    name: 'ICE servers in a preflight',
    fails: ['WHIP-66 SHOULD'],
    flaw: replies({ at: 'whip', method: 'OPTIONS', if: isPreflight }, header('link', TURN)),
  },
  {
    name: '401 without a challenge',
    fails: ['WHIP-68 MUST'],
    flaw: replies({ at: 'whip', status: 401 }, without('www-authenticate')),
  },
  {
    name: 'an error told to who sent no token',
    fails: ['WHIP-68 SHOULD'],
    flaw: replies(
      { at: 'whip', status: 401 },
      header('www-authenticate', 'Bearer realm="model", error="invalid_token"'),
    ),
  },
  {
    name: 'a scheme compared with case',
    fails: ['WHIP-69 MUST'],
    flaw: replies(
      { at: 'whip', status: 201, if: ({ headers }) => headers['authorization']?.[0] === 'b' },
      status(401),
    ),
  },
  {
    name: 'short session URLs',
    secretBytes: 6,
    fails: ['WHIP-72 SHOULD', 'WHEP-22 SHOULD'],
  },
];

function first({ query }: ModelRequest): boolean {
  return !query.has('again');
}

function redirect(code: number) {
  return (reply: ModelReply, { path }: ModelRequest): void => {
    reply.status = code;
    reply.headers['location'] = `${path}?again=1`;
    reply.body = '';
  };
}

function onceOnly(change: (reply: ModelReply, request: ModelRequest, room: never) => void) {
  let done = false;
  return (reply: ModelReply, request: ModelRequest): void => {
    if (!done) change(reply, request, undefined as never);
    done = true;
  };
}

function eighthAtMost() {
  const counts = new Map<string, number>();
  return (reply: ModelReply, { path }: ModelRequest): void => {
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    if (count <= 8) return;
    reply.status = 429;
    reply.headers['retry-after'] = '1';
  };
}
