import { setTimeout as delay } from 'node:timers/promises';
import { header, isRefusal, isSuccess, mediaType, type Reply } from '../http-client.ts';
import { chromium } from '../offers.ts';
import { sendRaw } from '../raw-request.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';
import { freeName, postValid } from './creating.ts';

/** Refusals, and HTTP as libraries seldom speak it. */
export const refusalRules = rulesOf('WHIP', [
  ['22', 'MAY', '§4.1, RFC 9457', 'Refusals are problem documents', problems],
  [
    '23',
    'policy',
    '§4.2',
    'A source has one publisher: the second is refused or replaces the first',
    second,
  ],
  [
    '24',
    'policy',
    'RFC 9110 §15.5.14',
    'A body that is too large is refused, at best unread',
    tooLarge,
  ],
  [
    '25',
    'MUST',
    'RFC 9112 §7.1, RFC 9110 §10.1.1',
    'Chunked bodies, HTTP/1.0 and Expect work',
    oldAndOdd,
  ],
]);

/** More than any offer, less than a nuisance. */
const LARGE_BYTES = 2 * 1024 * 1024;
const BUSY = [409, 429, 503];

async function problems(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const reply = await server.post(kind, { body: 'this is no session description' });
  if (!isRefusal(reply)) throw new NotApplicable('nothing was refused');
  judgeProblem(given, reply);
  seen.policy(
    mediaType(reply) === 'application/problem+json',
    `a refusal is ${header(reply, 'content-type') ?? 'without a type'}`,
  );
}

function judgeProblem({ seen }: Given, reply: Reply): void {
  if (mediaType(reply) !== 'application/problem+json') return;
  const problem = readObject(reply.body);
  seen.must(problem !== null, 'a problem+json body is no JSON object');
  const status = problem?.['status'];
  seen.must(
    status === undefined || status === reply.status,
    `a problem's status is ${String(status)}, the reply's is ${reply.status} (RFC 9457 §3.1.2)`,
  );
  const text = typeof problem?.['error'] === 'string';
  seen.policy(problem === null || text, 'the problem has no "error": MediaMTX reads that');
}

async function second({ server, seen, kind }: Given): Promise<void> {
  const first = await server.open(kind);
  const reply = await server.post(kind, { once: true });
  if (reply.status === 409) return;
  seen.policy(isSuccess(reply), `the second publisher was answered ${reply.status}, 409 wanted`);
  if (!isSuccess(reply)) return;
  const left = await first.ask('GET');
  seen.policy([404, 410].includes(left.status), 'two sessions publish the same source');
}

async function tooLarge(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const offer = chromium(kind);
  const padding = 'a=x-padding:conformance\r\n'.repeat(Math.ceil(LARGE_BYTES / 25));
  const answer = await rawPost(given, offer + padding);
  const status = answer.statuses.at(-1);
  // RFC 9110 §9.3.3 and 9112 §9.3 let a server close instead.
  seen.policy(
    status === 413 || status === undefined,
    `2 MiB were answered ${status ?? 'by a close'}, 413 wanted`,
  );
  const expecting = await sendRaw(
    server.endpoint(kind).url,
    [...headOf(given, 'HTTP/1.1', String(LARGE_BYTES)), 'Expect: 100-continue'],
    { timeoutMs: server.http.timeoutMs, enough: (came) => came.includes('\r\n\r\n') },
  );
  await server.http.turn();
  seen.policy(
    expecting.statuses[0] === 413,
    `Expect with 2 MiB to come was answered ${expecting.statuses[0] ?? 'nothing'}, 413 wanted`,
  );
}

async function oldAndOdd(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const chunked = await postValid(given, { chunked: true });
  seen.must(isSuccess(chunked), `a chunked body was answered ${chunked.status}`);

  await freeName(server, kind);
  const offer = chromium(kind);
  const length = String(Buffer.byteLength(offer));
  const expecting = await rawPost(given, (came) => (came.includes(' 100 ') ? offer : null), [
    ...headOf(given, 'HTTP/1.1', length),
    'Expect: 100-continue',
  ]);
  const [interim, final] = expecting.statuses;
  seen.must(
    (interim === 100 && isTaken(final)) || (interim ?? 0) >= 400,
    `Expect: 100-continue was answered ${expecting.statuses.join(', then ') || 'nothing'}`,
  );
  await freeName(server, kind);
  const old = await rawPost(given, offer, headOf(given, 'HTTP/1.0', length));
  seen.should(
    isTaken(old.statuses[0]) || old.statuses[0] === 505,
    `HTTP/1.0 was answered ${old.statuses[0] ?? 'nothing'}`,
  );
}

/** Posts by hand, and removes the session that comes of it. */
async function rawPost(
  given: Given,
  body: string | ((came: string) => string | null),
  head = headOf(given, 'HTTP/1.1', String(Buffer.byteLength(body as string))),
) {
  const { server, kind } = given;
  await server.publisher[kind === 'publish' ? 'stop' : 'ensure']();
  const { url } = server.endpoint(kind);
  const sending = { body, timeoutMs: server.http.timeoutMs };
  let answer = await sendRaw(url, head, sending);
  for (let times = 0; times < 4 && BUSY.includes(answer.statuses.at(-1) ?? 0); times += 1) {
    await delay(2000);
    answer = await sendRaw(url, head, sending);
  }
  await server.http.turn();
  const location = /^location: *(\S+)/im.exec(answer.head)?.[1];
  if (isTaken(answer.statuses.at(-1)) && location !== undefined) {
    const session = new URL(location, url).href;
    await server.ask(kind, 'DELETE', { url: session, about: `${kind} session` });
  }
  return answer;
}

/** Done, or to be done elsewhere. */
const isTaken = (status = 0): boolean => status >= 200 && status < 400;

function headOf({ server, kind }: Given, version: string, length: string): string[] {
  const { pathname, search, host } = new URL(server.endpoint(kind).url);
  const { Authorization } = server.authorization(kind);
  return [
    `POST ${pathname}${search} ${version}`,
    `Host: ${host}`,
    'Connection: close',
    'Content-Type: application/sdp',
    `Content-Length: ${length}`,
    ...(Authorization === undefined ? [] : [`Authorization: ${Authorization}`]),
  ];
}

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
