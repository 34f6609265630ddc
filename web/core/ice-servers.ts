import type { IceServerList } from '../../gateway/protocol/ice.ts';
import type { BrowserPort } from './browser-port.ts';
import { tokenNow } from './token-source.ts';
import type { TokenSource } from './token-source.ts';

/** Whom to ask, or what to use instead. */
export interface IceServersParts {
  /** Absolute URL of the WHIP or WHEP endpoint, of the same origin. */
  readonly endpoint: string;
  readonly token: TokenSource;
  /** Goes before what the gateway names. */
  readonly iceServers?: readonly RTCIceServer[] | undefined;
}

/** A list, when to ask anew, and when its credentials have run out. */
interface Known {
  readonly servers: readonly RTCIceServer[];
  readonly freshUntilMs: number;
  readonly goodUntilMs: number;
}

const TIMEOUT_MS = 2_000;
/** A reconnect sooner than this does not ask, unless half the life of the credentials is over. */
const FRESH_MS = 10 * 60_000;

/** The STUN and TURN servers that the gateway names. A join that cannot hear of them goes on without. */
export class IceServers {
  readonly #port: BrowserPort;
  readonly #parts: IceServersParts;
  #known: Known | null = null;

  constructor(port: BrowserPort, parts: IceServersParts) {
    this.#port = port;
    this.#parts = parts;
  }

  /** Resolves within two seconds; never rejects. */
  async read(): Promise<readonly RTCIceServer[]> {
    const { iceServers, token } = this.#parts;
    if (iceServers !== undefined) return iceServers;
    if (tokenNow(token) === '') return [];
    if (this.#known !== null && Date.now() < this.#known.freshUntilMs) return this.#known.servers;
    this.#known = (await this.#ask()) ?? this.#known;
    if (this.#known === null || Date.now() >= this.#known.goodUntilMs) return [];
    return this.#known.servers;
  }

  async #ask(): Promise<Known | null> {
    const { endpoint, token } = this.#parts;
    const atMs = Date.now();
    try {
      const response = await this.#port.fetch(new URL('/api/v1/ice-servers', endpoint).href, {
        headers: { Accept: 'application/json', Authorization: `Bearer ${tokenNow(token)}` },
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) return null;
      const body: unknown = await response.json();
      if (!isIceServerList(body)) return null;
      const lifeMs = (body.ttlSeconds ?? Infinity) * 1000;
      return {
        servers: body.iceServers,
        freshUntilMs: atMs + Math.min(FRESH_MS, lifeMs / 2),
        goodUntilMs: atMs + lifeMs,
      };
    } catch {
      return null;
    }
  }
}

function isIceServerList(body: unknown): body is IceServerList {
  return (
    typeof body === 'object' &&
    body !== null &&
    'iceServers' in body &&
    Array.isArray(body.iceServers) &&
    (!('ttlSeconds' in body) || typeof body.ttlSeconds === 'number')
  );
}
