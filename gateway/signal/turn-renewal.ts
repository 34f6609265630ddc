import type { Grant } from '../auth/grant.ts';
import type { IceDesk } from '../ice/ice-desk.ts';
import type { IceList } from '../ice/ice-source.ts';
import type { TurnConfig } from '../protocol/signal/signal-events.ts';
import type { SignalSeat } from './signal-seat.ts';

const CHECK_MS = 1_000;
/** Renewed when the last quarter of the life begins, but not earlier than this. */
const EARLIEST_MS = 5 * 60_000;
/** Renewed by then at the latest: a peer that allocates just now takes some round trips. */
const LATEST_MS = 5_000;

export interface TurnRenewalParts {
  readonly desk: Pick<IceDesk, 'collect'>;
  readonly seats: () => Iterable<SignalSeat>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Gives peers new credentials for TURN before the old ones run out. */
export class TurnRenewal {
  readonly #parts: TurnRenewalParts;
  readonly #asked = new WeakSet<SignalSeat>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: TurnRenewalParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.check(), CHECK_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** What a grant may use now. */
  async config(grant: Grant): Promise<TurnConfig> {
    return toConfig(await this.#parts.desk.collect(grant));
  }

  /** Renews what runs out soon. */
  check(): void {
    for (const seat of this.#parts.seats()) {
      if (!this.#asked.has(seat) && this.#isDue(seat)) void this.#renew(seat);
    }
  }

  async #renew(seat: SignalSeat): Promise<void> {
    this.#asked.add(seat);
    const config = await this.config(seat.grant);
    this.#asked.delete(seat);
    const before = seat.turn?.config.expiresAt ?? 0;
    const isLonger = config.expiresAt === null || config.expiresAt > before;
    if (isLonger && !seat.channel.isOver) seat.renewTurn(config, this.#parts.now());
  }

  #isDue({ turn }: SignalSeat): boolean {
    const expiresAt = turn?.config.expiresAt ?? null;
    if (turn === null || expiresAt === null) return false;
    const quarter = (expiresAt - turn.givenAt) / 4;
    return expiresAt - this.#parts.now() <= Math.max(LATEST_MS, Math.min(EARLIEST_MS, quarter));
  }
}

const toConfig = ({ servers, expiresAt }: IceList): TurnConfig => ({
  iceServers: [...servers],
  expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
});
