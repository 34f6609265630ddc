import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { triesKey } from '../cluster/kept-names.ts';
import { scriptOf, type RedisLink, type Script } from '../redis/redis-link.ts';
import { within } from '../redis/within.ts';
import { FIRST_PAUSE_MS, FORGOTTEN_MS, type LockRule } from './lock-out.ts';

/**
 * Counts a try for each key unless one of them has to wait, by Redis' clock: those of gateways may
 * differ. ARGV: first pause, when it is forgotten (ms), then of each key: free ones, longest pause
 * (ms). Answers the wait in ms.
 */
const TAKE = scriptOf(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local counts, wait = {}, 0
for i, key in ipairs(KEYS) do
  local count, till = string.match(redis.call('GET', key) or '', '^(%d+) (%d+)$')
  counts[i] = tonumber(count or '0') + 1
  wait = math.max(wait, tonumber(till or '0') - now)
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  local beyond = counts[i] - tonumber(ARGV[1 + 2 * i])
  local pause = 0
  if beyond >= 0 then
    pause = math.min(tonumber(ARGV[1]) * 2 ^ math.min(beyond, 30), tonumber(ARGV[2 + 2 * i]))
  end
  redis.call('SET', key, string.format('%d %d', counts[i], now + pause), 'PX', ARGV[2])
end
return 0
`);

/** The last try of each key does not count; before it there was no wait. ARGV: when it is forgotten (ms). */
const UNDO = scriptOf(`
for i, key in ipairs(KEYS) do
  local count = tonumber(string.match(redis.call('GET', key) or '', '^(%d+) ') or '0') - 1
  if count < 1 then redis.call('DEL', key)
  else redis.call('SET', key, count .. ' 0', 'PX', ARGV[1]) end
end
return 0
`);

const FORGET = scriptOf(`return redis.call('DEL', unpack(KEYS))`);

/** Longest wait for Redis; after it each gateway counts for itself. */
const PATIENCE_MS = 500;

/** What a try is counted by. */
export interface TryKey {
  readonly key: string;
  readonly rule: LockRule;
}

/** Wrong passwords as all gateways of a cluster count them together; of what was tried Redis has a keyed hash. */
export class SharedTries {
  readonly #link: Pick<RedisLink, 'isReady' | 'run'>;
  readonly #secret: Buffer;

  constructor(link: Pick<RedisLink, 'isReady' | 'run'>, secret: string) {
    this.#link = link;
    this.#secret = createHmac('sha256', secret).update('pixelcast tries').digest();
  }

  /** Counts a try; milliseconds to wait where it is not taken. Undefined: Redis is away. Never rejects. */
  async take(tries: readonly TryKey[]): Promise<number | undefined> {
    const rules = tries.flatMap(({ rule }) => [rule.free, rule.longestMs]);
    const answer = await this.#run(TAKE, tries, [FIRST_PAUSE_MS, FORGOTTEN_MS, ...rules]);
    return z.number().safeParse(answer).data;
  }

  /** Takes a try back. Never rejects. */
  async undo(tries: readonly TryKey[]): Promise<void> {
    await this.#run(UNDO, tries, [FORGOTTEN_MS]);
  }

  /** A right try: all is well again. Never rejects. */
  async forget(tries: readonly TryKey[]): Promise<void> {
    await this.#run(FORGET, tries, []);
  }

  async #run(script: Script, tries: readonly TryKey[], args: readonly number[]): Promise<unknown> {
    if (!this.#link.isReady) return undefined;
    const keys = tries.map(({ key }) => triesKey(this.#digest(key)));
    const asked = this.#link.run(script, keys, args.map(String)).catch(() => undefined);
    return await within(PATIENCE_MS, asked);
  }

  #digest(key: string): string {
    return createHmac('sha256', this.#secret).update(key).digest('base64url');
  }
}
