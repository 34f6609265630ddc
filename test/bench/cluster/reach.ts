import { setTimeout as delay } from 'node:timers/promises';
import { chromiumOffer } from '../chromium-offer.ts';
import { mint, type GatewayProcess } from '../gateway-process.ts';
import { SignallingClient } from '../signalling-client.ts';

/** How a session is ended by somebody else than its client. */
export type Ending = 'revocation' | 'kick' | 'expiry';

const PARALLEL = 10;
const LOOK_MS = 25;
const GIVE_UP_MS = 15_000;
/** Whole seconds: a token's `exp` has no others. */
const LIFE_SECONDS = 3;
const ROOMS = 8;

interface Watched {
  readonly location: string;
  readonly subject: string;
  readonly token: string;
  readonly room: string;
}

/**
 * How long it takes from an ending, told to one gateway, until all of them know: the session is
 * gone at each, and its token is refused there where it ends with it. Rooms are at home at each in turn.
 */
export async function measureReach(
  gateways: readonly GatewayProcess[],
  ending: Ending,
  count: number,
): Promise<readonly number[]> {
  const client = new SignallingClient({ keepAlive: true });
  // The stub node takes publishers of other rooms for unconnected, which end after 15 s.
  const rooms = Array.from({ length: ROOMS }, (_, at) => `live-${ending}-${at}`);
  for (const [at, room] of rooms.entries()) {
    const { url } = gatewayAt(gateways, at);
    const token = mint(room, ['publish'], `publisher of ${room}`);
    const posted = await client.post(`${url}/whip/${room}`, chromiumOffer('publish'), token);
    if (posted.status !== 201) throw new Error(`publish: ${posted.status} ${posted.text}`);
  }
  const took: number[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const at = next;
      next += 1;
      const watched = await watch(client, gateways, rooms[at % ROOMS] ?? '', ending, at);
      const fromMs = await end(gatewayAt(gateways, at + 1), watched, ending);
      await Promise.all(gateways.map((gateway) => untilGone(gateway, watched, ending, fromMs)));
      took.push(Date.now() - fromMs);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  client.close();
  return took;
}

async function watch(
  client: SignallingClient,
  gateways: readonly GatewayProcess[],
  room: string,
  ending: Ending,
  at: number,
): Promise<Watched> {
  const subject = `${ending}-viewer-${at}`;
  const token = mint(room, ['watch'], subject, ending === 'expiry' ? LIFE_SECONDS : 600);
  const { url } = gatewayAt(gateways, at);
  const posted = await client.post(`${url}/whep/${room}`, chromiumOffer('watch'), token);
  if (posted.status !== 201) throw new Error(`watch: ${posted.status} ${posted.text}`);
  return { location: new URL(posted.location).pathname, subject, token, room };
}

/** Tells one gateway; resolves with from when on it counts, epoch ms. */
async function end(gateway: GatewayProcess, watched: Watched, ending: Ending): Promise<number> {
  const { subject, token } = watched;
  if (ending === 'expiry') {
    const expiresAtMs = claimsOf(token).exp * 1000;
    await delay(Math.max(0, expiresAtMs - Date.now()));
    return expiresAtMs;
  }
  if (ending === 'revocation') {
    const fromMs = Date.now();
    await call(gateway, 'POST', '/api/v1/revocations', { jti: claimsOf(token).jti });
    return fromMs;
  }
  const path = `/api/v1/sessions?subject=${encodeURIComponent(subject)}`;
  const { items } = (await call(gateway, 'GET', path)) as { items: { id: string }[] };
  const fromMs = Date.now();
  await call(gateway, 'DELETE', `/api/v1/sessions/${items[0]?.id ?? 'unknown'}`);
  return fromMs;
}

async function untilGone(
  { url }: GatewayProcess,
  { location, token }: Watched,
  ending: Ending,
  fromMs: number,
): Promise<void> {
  const status = async (path: string, headers: Record<string, string> = {}): Promise<number> => {
    const reply = await fetch(`${url}${path}`, { headers });
    await reply.arrayBuffer();
    return reply.status;
  };
  const bearer = { authorization: `Bearer ${token}` };
  const isGone = async (): Promise<boolean> =>
    (await status(location)) === 404 &&
    (ending === 'kick' || (await status('/api/v1/ice-servers', bearer)) === 401);
  while (!(await isGone())) {
    if (Date.now() - fromMs > GIVE_UP_MS) throw new Error(`${ending}: not known at ${url}`);
    await delay(LOOK_MS);
  }
}

async function call(
  { url }: GatewayProcess,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const reply = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${mint('*', ['admin'], 'root')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

function claimsOf(token: string): { readonly exp: number; readonly jti: string } {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number; jti: string };
}

function gatewayAt(gateways: readonly GatewayProcess[], at: number): GatewayProcess {
  const gateway = gateways[at % gateways.length];
  if (gateway === undefined) throw new Error('no gateway');
  return gateway;
}
