import { header, isRefusal, isSuccess, type Reply } from '../http-client.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';
import { postValid } from './creating.ts';

/** Who may: tokens, challenges, and session URLs as secrets. */
export const authorizationRules = rulesOf('WHIP', [
  ['67', 'MUST', '§4.7', 'Bearer tokens are supported', bearer],
  ['68', 'MUST', 'RFC 9110 §15.5.2, RFC 6750 §3', 'Refusals carry a Bearer challenge', challenges],
  [
    '69',
    'MUST',
    'RFC 9110 §11.1',
    'The scheme is read without case; odd tokens are refused',
    oddTokens,
  ],
  ['70', 'MUST', 'Fetch', 'A preflight needs no token', openPreflight],
  ['71', 'MAY', '§4.7.1', 'The URL may carry the token instead', tokenInUrl],
  ['72', 'MUST', '§5', 'HTTPS is used, and session URLs cannot be guessed', secrecy],
  ['73', 'policy', '§4.7', 'A session ends when its token does', expiry],
]);

/** 122 bits are what a random UUID has. */
const ENOUGH_BITS = 120;

const tokenOf = ({ server, kind }: Given): string => {
  const { token } = server.endpoint(kind);
  if (token === null) throw new NotApplicable('no --token');
  return token;
};

async function bearer(given: Given): Promise<void> {
  tokenOf(given);
  const { reply } = await given.server.sample(given.kind);
  given.seen.must(isSuccess(reply), `a POST with the token was answered ${reply.status}`);
}

async function challenges(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const token = tokenOf(given);
  const none = await server.post(kind, { anonymous: true });
  if (isSuccess(none)) throw new NotApplicable('the server takes anybody');
  seen.must(none.status === 401, `without a token POST was answered ${none.status}, 401 wanted`);
  judgeChallenge(given, none, null, 'without a token');

  const wrong = 'not-a-token-of-yours';
  const bad = await withAuthorization(given, `Bearer ${wrong}`);
  seen.must(bad.status === 401, `a wrong token was answered ${bad.status}, 401 wanted`);
  judgeChallenge(given, bad, 'invalid_token', 'a wrong token');
  const echoed = bad.body.includes(wrong);
  seen.policy(!echoed, 'the refusal repeats the token');

  const url = new URL(server.endpoint(kind).url);
  url.searchParams.set('access_token', token);
  const both = await server.post(kind, { url: url.href });
  if (!isSuccess(both)) {
    seen.policy(both.status === 400, `two tokens were answered ${both.status}, 400 wanted`);
  }
}

function judgeChallenge({ seen }: Given, reply: Reply, error: string | null, name: string): void {
  if (reply.status !== 401) return;
  const challenge = header(reply, 'www-authenticate');
  seen.must(challenge !== undefined, `the 401 ${name} has no WWW-Authenticate`);
  if (challenge === undefined) return;
  seen.should(/^bearer\b/i.test(challenge), `the challenge ${name} is not for Bearer`);
  const told = /\berror="?([a-z_]+)/i.exec(challenge)?.[1] ?? null;
  seen.should(
    told === error,
    `the challenge ${name} says error ${told ?? 'none'}, not ${error ?? 'none'}`,
  );
}

async function oddTokens(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const token = tokenOf(given);
  const anybody = isSuccess(await server.post(kind, { anonymous: true }));
  for (const scheme of ['bearer', 'BEARER', 'Bearer  ']) {
    const reply = await withAuthorization(given, `${scheme} ${token}`);
    seen.must(isSuccess(reply), `"${scheme} <token>" was answered ${reply.status}`);
  }
  if (anybody) return;
  for (const value of [`Bearer Bearer ${token}`, 'Bearer undefined']) {
    const reply = await withAuthorization(given, value);
    const name = value.replace(token, '<token>');
    seen.must(isRefusal(reply), `"${name}" was answered ${reply.status}`);
    const known = reply.status === 401 || reply.status === 400;
    seen.policy(!isRefusal(reply) || known, `"${name}" was answered ${reply.status}, 401 wanted`);
  }
}

async function openPreflight({ server, seen, kind }: Given): Promise<void> {
  const { status } = await server.ask(kind, 'OPTIONS', {
    anonymous: true,
    headers: { Origin: server.options.origin, 'Access-Control-Request-Method': 'POST' },
  });
  seen.must(status !== 401 && status !== 403, `a preflight without token was answered ${status}`);
}

function tokenInUrl(): never {
  throw new NotApplicable('no form of it is standard');
}

export async function secrecy(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const { protocol, hostname } = new URL(server.endpoint(kind).url);
  const local = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  seen.must(protocol === 'https:' || local, 'the endpoint is not reached by HTTPS');
  const { session } = await server.sample(kind);
  if (session === null) {
    if (protocol !== 'https:') throw new NotApplicable('no session');
    return;
  }
  const other = await server.open(kind);
  const bits = secretBits(session.url, other.url);
  const rounded = Math.round(bits);
  seen.should(bits >= ENOUGH_BITS, `a session URL holds at most ${rounded} random bits`);
}

function expiry(): never {
  throw new NotApplicable('needs a token that runs out meanwhile');
}

async function withAuthorization(given: Given, value: string): Promise<Reply> {
  return postValid(given, { anonymous: true, headers: { Authorization: value } });
}

/** How much two URLs of one server can differ at most, by the letters that they use. */
export function secretBits(one: string, other: string): number {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const secret = one.slice(one.lastIndexOf('/', start) + 1).replace(/[?&=].*?=/g, '');
  const letters = Math.min(secret.length, one.length - start + 2);
  return letters * Math.log2(alphabetOf(secret));
}

function alphabetOf(text: string): number {
  if (/^[0-9-]*$/.test(text)) return 10;
  if (/^[0-9a-f-]*$/i.test(text)) return 16;
  if (/^[0-9a-z-]*$/.test(text)) return 36;
  return 64;
}
