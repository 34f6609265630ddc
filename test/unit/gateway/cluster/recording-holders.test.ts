import { describe, expect, onTestFinished, test } from 'vitest';
import { RecordingHolders } from '../../../../gateway/cluster/recording-holders.ts';
import { RecordingId } from '../../../../gateway/protocol/api/recordings.ts';
import type { HeldRecording } from '../../../../gateway/recordings/recording-register.ts';
import { aRoom } from '../../../support/gateway/a-gateway-core.ts';
import { waitFor } from '../../../support/wait-for.ts';

const idOf = (at: number) => RecordingId.parse(String(at).padStart(16, '0'));
const aHeld = (at: number, isOpen = false): HeldRecording => ({
  id: idOf(at),
  room: aRoom('demo'),
  isOpen,
});

/** A Redis that knows keys and one hash. */
class Redis {
  /** How often it was asked whether it is there. */
  looks = 0;
  #isReady = true;
  readonly keys = new Map<string, string>();
  readonly open = new Map<string, string>();

  get isReady(): boolean {
    this.looks += 1;
    return this.#isReady;
  }

  set isReady(is: boolean) {
    this.#isReady = is;
  }

  run(
    script: { readonly text: string },
    given: string | readonly string[],
    args: readonly string[],
  ): Promise<unknown> {
    if (!this.#isReady) return Promise.reject(new Error('away'));
    const [, ...keys] = typeof given === 'string' ? [given] : given;
    if (script.text.includes("'PX'")) this.#keep(keys, args);
    else if (script.text.includes("'DEL'")) this.#forget(keys, args);
    else if (script.text.includes('HGETALL')) return Promise.resolve(this.#opened());
    return Promise.resolve(keys.map((key) => this.keys.get(key) ?? ''));
  }

  #keep(keys: readonly string[], [own = '', , , ...told]: readonly string[]): void {
    for (const [at, key] of keys.entries()) {
      const [id = '', room = '', isOpen] = told.slice(at * 3);
      this.keys.set(key, own);
      if (isOpen === '1') this.open.set(id, `${room} ${own}`);
      else this.open.delete(id);
    }
  }

  #forget([key = '']: readonly string[], [own]: readonly string[]): void {
    if (this.keys.get(key) === own) this.keys.delete(key);
  }

  #opened(): string[] {
    return [...this.open.values()].flatMap((each) => each.split(' '));
  }
}

function aGateway(redis: Redis, own: string, peers: readonly string[] = []) {
  const holders = new RecordingHolders({
    ...{ own, link: redis, now: () => Date.now() },
    peers: () => peers.map((name) => ({ name, url: `http://${name}` })),
  });
  onTestFinished(() => holders.close());
  return holders;
}

describe('who holds a recording', () => {
  test('[REC-103] is told by who holds it, and known by its name', async () => {
    const redis = new Redis();
    const [one, two] = [aGateway(redis, 'one', ['two']), aGateway(redis, 'two')];
    await two.keep(aHeld(1));
    await one.keep(aHeld(2));
    await aGateway(redis, 'gone').keep(aHeld(3));
    const standings = await one.find([1, 2, 3, 4].map(idOf));
    expect(standings).toEqual([
      { at: 'there', gateway: { name: 'two', url: 'http://two' } },
      { at: 'here' },
      { at: 'away' },
      { at: 'nobody' },
    ]);
    await one.forget(idOf(1));
    expect((await one.find([idOf(1)]))[0]?.at).toBe('there');
    await two.forget(idOf(1));
    expect((await one.find([idOf(1)]))[0]?.at).toBe('nobody');
  });

  test('[REC-103] is what it was while Redis is away, and not known of others', async () => {
    const redis = new Redis();
    const one = aGateway(redis, 'one', ['two']);
    await aGateway(redis, 'two').keep(aHeld(1));
    await one.find([idOf(1), idOf(2)]);
    redis.isReady = false;
    const standings = await one.find([idOf(1), idOf(2)]);
    expect(standings.map(({ at }) => at)).toEqual(['there', 'unknown']);
    expect(await one.isOpenElsewhere(aRoom('demo'))).toBe(true);
  });

  test('[REC-103] is told again of all once Redis is back, which may have forgotten', async () => {
    const redis = new Redis();
    redis.isReady = false;
    const one = aGateway(redis, 'one');
    const all = Array.from({ length: 1_200 }, (_, at) => aHeld(at, at === 7));
    one.start(() => all);
    await one.keep(aHeld(7, true));
    redis.isReady = true;
    await waitFor(() => redis.keys.size === 1_200, { timeoutMs: 20_000, what: 'all to be told' });
    redis.isReady = false;
    redis.keys.clear();
    const looks = redis.looks;
    await waitFor(() => redis.looks > looks, { timeoutMs: 20_000, what: 'it to be missed' });
    redis.isReady = true;
    await waitFor(() => redis.keys.size === 1_200, { timeoutMs: 20_000, what: 'them once more' });
    expect(await aGateway(redis, 'two').isOpenElsewhere(aRoom('demo'))).toBe(true);
    expect(await aGateway(redis, 'two').isOpenElsewhere(aRoom('other'))).toBe(false);
    expect(await one.isOpenElsewhere(aRoom('demo'))).toBe(false);
  });
});
