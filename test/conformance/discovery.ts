import { header, isSuccess, type HttpClient, type Reply } from './http-client.ts';
import { chromium } from './offers.ts';
import type { Endpoint, Kind } from './kind.ts';

export interface Addresses {
  /** One or two, of either kind. */
  readonly urls: readonly string[];
  readonly whep: string | null;
  readonly token: string | null;
  readonly watchToken: string | null;
}

type Found = Partial<Record<Kind, Endpoint>>;

const OTHER: Readonly<Record<Kind, Kind>> = { publish: 'watch', watch: 'publish' };
const SEGMENT: Readonly<Record<Kind, string>> = { publish: 'whip', watch: 'whep' };

/**
 * Which of the addresses are WHIP and which are WHEP: by a path segment of that name, else by what
 * they answer to an offer. The sibling of `…/whip/…` or `…/whep/…` is looked for as well.
 * @throws Error when nothing that is named, or nothing at all, answers
 */
export async function discover(http: HttpClient, given: Addresses): Promise<Found> {
  const tokens = { publish: given.token, watch: given.watchToken ?? given.token };
  const found: Found = {};
  for (const url of given.urls) {
    const kind = kindByName(url) ?? (await kindByAnswer(http, url, tokens));
    if (kind === null) throw new Error(`${url} is neither WHIP nor WHEP`);
    if (found[kind] !== undefined) throw new Error('two URLs of the same kind');
    found[kind] = { url, token: tokens[kind] };
  }
  if (given.whep !== null) found.watch = { url: given.whep, token: tokens.watch };
  for (const { url } of Object.values(found)) {
    const { status, body } = await http.send({ method: 'OPTIONS', url });
    if (status === 0) throw new Error(`no HTTP answer from ${url}: ${body}`);
  }
  const [only, ...more] = Object.keys(found) as Kind[];
  if (only !== undefined && more.length === 0) {
    const kind = OTHER[only];
    const url = siblingOf(found[only]?.url ?? '', only);
    if (url !== null && (await takes(http, url, kind, tokens[kind]))) {
      found[kind] = { url, token: tokens[kind] };
    }
  }
  return found;
}

function kindByName(url: string): Kind | null {
  const segments = new URL(url).pathname.toLowerCase().split('/');
  if (segments.includes('whip')) return 'publish';
  return segments.some((segment) => ['whep', 'whip-play'].includes(segment)) ? 'watch' : null;
}

async function kindByAnswer(
  http: HttpClient,
  url: string,
  tokens: Readonly<Record<Kind, string | null>>,
): Promise<Kind | null> {
  if (await takes(http, url, 'publish', tokens.publish)) return 'publish';
  return (await takes(http, url, 'watch', tokens.watch)) ? 'watch' : null;
}

function siblingOf(url: string, kind: Kind): string | null {
  const sibling = new URL(url);
  const segments = sibling.pathname.split('/');
  const at = segments.indexOf(SEGMENT[kind]);
  if (at < 0) return null;
  sibling.pathname = segments.with(at, SEGMENT[OTHER[kind]]).join('/');
  return sibling.href;
}

/** 409 is how WHEP says that nobody publishes; who refuses the token is there as well. */
async function takes(
  http: HttpClient,
  url: string,
  kind: Kind,
  token: string | null,
): Promise<boolean> {
  const authorization = token === null ? {} : { Authorization: `Bearer ${token}` };
  const headers = { 'Content-Type': 'application/sdp', ...authorization };
  const reply = await http.send({ method: 'POST', url, headers, body: chromium(kind) });
  const location = header(reply, 'location');
  if (isSuccess(reply) && location !== undefined) {
    const session = new URL(location, url).href;
    await http.send({ method: 'DELETE', url: session, headers: authorization });
  }
  return answersAs(kind, reply);
}

function answersAs(kind: Kind, reply: Reply): boolean {
  if (isSuccess(reply)) {
    const direction = kind === 'publish' ? 'a=recvonly' : 'a=sendonly';
    return reply.body.includes(direction);
  }
  return [401, 403, 409, 429, 503].includes(reply.status);
}
