import { setTimeout as delay } from 'node:timers/promises';
import { chromiumOffer } from './chromium-offer.ts';
import { distributionOf, type Distribution } from './distribution.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { SignallingClient } from './signalling-client.ts';

export interface Joins {
  /** POST of an offer -> answer, ms; those that were let in. */
  readonly answered: Distribution;
  /** Joins that were not, by status. */
  readonly refused: Readonly<Record<string, number>>;
}

/** From ten addresses two writes a second each, below the budget of an address. */
const PER_SECOND = 10;

/**
 * Viewers who come one after the other from several addresses, each with a token that the gateway has
 * not seen unless one is given, and leave again.
 */
export class LegitimateViewers {
  readonly #gateway: GatewayProcess;
  readonly #room: string;
  readonly #clients: readonly SignallingClient[];
  readonly #token: string | undefined;

  constructor(
    gateway: GatewayProcess,
    given: { readonly room: string; readonly from: readonly string[]; readonly token?: string },
  ) {
    this.#gateway = gateway;
    this.#room = given.room;
    this.#token = given.token;
    this.#clients = given.from.map((from) => new SignallingClient({ keepAlive: false, from }));
  }

  /** Joins until `during` is done, and at least for as long as told. */
  async join(
    during: Promise<unknown>,
    atLeastSeconds: number,
    perSecond = PER_SECOND,
  ): Promise<Joins> {
    const over = new AbortController();
    const both = Promise.all([during, delay(atLeastSeconds * 1000)]);
    const ends = both.finally(() => over.abort());
    const elapsed: number[] = [];
    const refused: Record<string, number> = {};
    const joins: Promise<void>[] = [];
    for (let at = 0; !over.signal.aborted; at += 1) {
      joins.push(
        this.#joinOnce(at).then(({ status, elapsedMs }) => {
          if (status === 201) elapsed.push(elapsedMs);
          else refused[status] = (refused[status] ?? 0) + 1;
        }),
      );
      await delay(1000 / perSecond);
    }
    await Promise.all([...joins, ends]);
    return { answered: distributionOf(elapsed), refused };
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  async #joinOnce(at: number): Promise<{ status: number; elapsedMs: number }> {
    const client = this.#clients[at % this.#clients.length];
    if (client === undefined) throw new Error('nobody joins');
    const token = this.#token ?? this.#gateway.mint(this.#room, ['watch'], `viewer-${at}`);
    const url = `${this.#gateway.url}/whep/${this.#room}`;
    try {
      const { status, elapsedMs, location } = await client.post(url, chromiumOffer('watch'), token);
      if (status === 201) await client.delete(location);
      return { status, elapsedMs };
    } catch {
      return { status: 0, elapsedMs: 0 };
    }
  }
}
