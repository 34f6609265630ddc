import { IceServerList, type IceServer as GatewayServer } from '../../gateway/protocol/ice.ts';
import { readText } from './body.ts';
import type { IceServer } from '../media/plan.ts';

/** An older answer is asked for anew; it is good for longer, unless its credentials are not. */
const FRESH_MS = 60_000;
const GOOD_MS = 600_000;
/** Longer no start waits. */
const PATIENCE_MS = 400;
const REQUEST_MS = 5_000;

export interface IceServersOptions {
  readonly url: string;
  readonly token: () => string;
}

/** The gateway's STUN and TURN servers, asked for ahead so that a start waits for none of them. */
export class IceServers {
  readonly #options: IceServersOptions;
  #known: readonly IceServer[] = [];
  #askedAtMs: number | null = null;
  #goodUntilMs = -Infinity;
  #asking: Promise<void> = Promise.resolve();

  constructor(options: IceServersOptions) {
    this.#options = options;
  }

  /** Asks, unless an answer is fresh or on its way. */
  refresh(): void {
    if (this.#askedAtMs !== null && performance.now() - this.#askedAtMs < FRESH_MS) return;
    this.#askedAtMs = performance.now();
    this.#asking = this.#ask();
  }

  /** At once where an answer is good, else when there is one or patience has an end; never fails. */
  async current(): Promise<readonly IceServer[]> {
    this.refresh();
    if (performance.now() < this.#goodUntilMs) return this.#known;
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), PATIENCE_MS);
    await Promise.race([this.#asking, late.promise]);
    clearTimeout(timer);
    return this.#known;
  }

  async #ask(): Promise<void> {
    const { url, token } = this.#options;
    const askedAtMs = performance.now();
    try {
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${token()}` },
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      const { iceServers, ttlSeconds = Infinity } = IceServerList.parse(
        JSON.parse(await readText(response)),
      );
      this.#known = flatServers(iceServers);
      this.#goodUntilMs = askedAtMs + Math.min(GOOD_MS, ttlSeconds * 500);
    } catch {
      // The offer's answer tells whether the gateway is there; the next start asks again.
      this.#askedAtMs = null;
    }
  }
}

/** The gateway's servers with one address each. */
export function flatServers(servers: readonly GatewayServer[]): readonly IceServer[] {
  return servers.flatMap(({ urls, username, credential }) =>
    urls.map((url) => ({
      url,
      ...(username === undefined ? {} : { username }),
      ...(credential === undefined ? {} : { credential }),
    })),
  );
}
