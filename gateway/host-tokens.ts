import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tokens } from './auth/tokens.ts';
import type { Service } from './lifecycle.ts';
import type { RoomId } from './protocol/ids.ts';

const LIFE_SECONDS = 30 * 24 * 3600;
const RENEWAL_MS = 24 * 3600 * 1000;

/**
 * Token files for hosts that share a folder with the gateway and nothing else, as containers do: one
 * for each room, good for 30 days, written anew at each start and every day.
 */
export class HostTokens implements Service {
  readonly name = 'host tokens';
  readonly #folder: string;
  readonly #rooms: readonly RoomId[];
  readonly #tokens: Tokens;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly dataDir: string;
    readonly rooms: readonly RoomId[];
    readonly tokens: Tokens;
    readonly now: () => number;
  }) {
    this.#folder = join(options.dataDir, 'host');
    this.#rooms = options.rooms;
    this.#tokens = options.tokens;
    this.#now = options.now;
  }

  /** @throws when the folder cannot be written */
  start(): void {
    if (this.#rooms.length === 0) return;
    this.#writeAll();
    this.#timer = setInterval(() => this.#writeAll(), RENEWAL_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #writeAll(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const exp = Math.floor(this.#now() / 1000) + LIFE_SECONDS;
    for (const room of this.#rooms) {
      const token = this.#tokens.mint({ sub: 'host', room, can: ['publish', 'host'], exp });
      const file = join(this.#folder, `${room}.token`);
      writeFileSync(`${file}.new`, `${token}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    }
  }
}
