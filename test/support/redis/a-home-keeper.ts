import { onTestFinished } from 'vitest';
import type { HomeObserver } from '../../../gateway/cluster/homes.ts';
import { RedisHomes } from '../../../gateway/cluster/redis/redis-homes.ts';
import { createLogger } from '../../../gateway/observability/logger.ts';
import type { RoomId } from '../../../gateway/protocol/ids.ts';
import { RedisLink } from '../../../gateway/redis/redis-link.ts';
import { waitFor } from '../wait-for.ts';

/** A keeper of homes as a gateway has it, and all that it told. */
export class HomeKeeperUnderTest implements HomeObserver {
  readonly told: string[] = [];
  /** What a room that comes here waits for. */
  adoption: Promise<void> = Promise.resolve();
  readonly homes: RedisHomes;
  readonly #link: RedisLink;

  constructor(name: string, redisUrl: string, isAway: () => boolean = () => false) {
    const log = createLogger({ level: 'silent', format: 'json' });
    this.#link = new RedisLink({
      url: redisUrl,
      log,
      pattern: 'nothing',
      meaning: { there: 'there', away: 'away' },
      mostPauseMs: 200,
      onMessage: () => undefined,
      onReady: () => this.homes.reached(),
    });
    this.homes = new RedisHomes({
      own: { name, url: `http://${name}.example` },
      link: this.#link,
      isAway: () => Promise.resolve(isAway()),
      isEmpty: () => false,
      onFreed: () => undefined,
      log,
    });
    this.homes.use(this);
    this.#link.start();
    this.homes.start();
    onTestFinished(async () => {
      await this.homes.close();
      this.#link.close();
    });
  }

  gained(room: RoomId): Promise<void> {
    this.told.push(`gained ${room}`);
    return this.adoption;
  }

  lost(room: RoomId): void {
    this.told.push(`lost ${room}`);
  }

  rewrite(rooms: readonly RoomId[]): void {
    this.told.push(`rewrite ${rooms.join()}`);
  }

  /** Resolves once it knows so many others. */
  async knows(peers: number): Promise<void> {
    await waitFor(() => this.homes.peers().length === peers, {
      timeoutMs: 30_000,
      what: `${peers} peer(s)`,
    });
  }

  /** It says nothing more to Redis, as if its process were killed. */
  die(): void {
    this.#link.close();
  }
}
