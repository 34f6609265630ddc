import type { BrowserPort } from './browser-port.ts';

/** Whom to ask, or what to use instead. */
export interface IceServersParts {
  /** Absolute URL of the WHIP or WHEP endpoint, of the same origin. */
  readonly endpoint: string;
  readonly token: string;
  /** Goes before what the gateway names. */
  readonly iceServers?: readonly RTCIceServer[] | undefined;
}

const TIMEOUT_MS = 2_000;
/** Credentials of TURN servers often last an hour; a reconnect sooner than this does not ask. */
const FRESH_MS = 10 * 60_000;

/** The STUN and TURN servers that the gateway names. A join that cannot hear of them goes on without. */
export class IceServers {
  readonly #port: BrowserPort;
  readonly #parts: IceServersParts;
  #known: { readonly servers: readonly RTCIceServer[]; readonly atMs: number } | null = null;

  constructor(port: BrowserPort, parts: IceServersParts) {
    this.#port = port;
    this.#parts = parts;
  }

  /** Resolves within two seconds; never rejects. */
  async read(): Promise<readonly RTCIceServer[]> {
    const { iceServers, token } = this.#parts;
    if (iceServers !== undefined) return iceServers;
    if (token === '') return [];
    if (this.#known !== null && Date.now() - this.#known.atMs < FRESH_MS) {
      return this.#known.servers;
    }
    const servers = await this.#ask();
    if (servers !== null) this.#known = { servers, atMs: Date.now() };
    return this.#known?.servers ?? [];
  }

  async #ask(): Promise<readonly RTCIceServer[] | null> {
    const { endpoint, token } = this.#parts;
    try {
      const response = await this.#port.fetch(new URL('/api/v1/ice-servers', endpoint).href, {
        headers: { Accept: 'application/json', Authorization: `Bearer ${token}` },
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) return null;
      const body: unknown = await response.json();
      return isIceServerList(body) ? body.iceServers : null;
    } catch {
      return null;
    }
  }
}

function isIceServerList(body: unknown): body is { readonly iceServers: RTCIceServer[] } {
  return (
    typeof body === 'object' &&
    body !== null &&
    'iceServers' in body &&
    Array.isArray(body.iceServers)
  );
}
