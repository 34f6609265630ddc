import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KeptRooms } from '../../../../gateway/cluster/kept-rooms.ts';
import type { KeptField } from '../../../../gateway/cluster/kept-names.ts';
import type { RoomId } from '../../../../gateway/protocol/ids.ts';
import { aRoom } from '../../../support/gateway/a-gateway-core.ts';

const room = aRoom('demo');

function keeper(given: { keep?: () => Promise<boolean>; isReady?: boolean } = {}) {
  const written: Record<string, string>[] = [];
  const texts: Record<string, string> = { 's:1': 'one', 's:2': 'two' };
  const store = {
    isReady: given.isReady ?? true,
    keep: (_room: RoomId, _term: number, fields: ReadonlyMap<KeptField, string>) => {
      written.push(Object.fromEntries(fields));
      return (given.keep ?? (() => Promise.resolve(true)))();
    },
  };
  const kept = new KeptRooms({
    store,
    termOf: () => 3,
    read: (_room, field) => texts[field] ?? '',
    log: pino({ level: 'silent' }),
  });
  onTestFinished(() => kept.close());
  return { kept, written, texts, store };
}

describe('what rooms have', () => {
  test('[ADOPT-04] is written together, the newest of it once', async () => {
    const { kept, written, texts } = keeper();
    kept.note(room, 's:1');
    kept.note(room, 's:2');
    texts['s:1'] = 'newer';
    kept.note(room, 's:1');
    await expect.poll(() => written).toEqual([{ 's:1': 'newer', 's:2': 'two' }]);
    expect(kept.backlog).toBe(0);
  });

  test('[ADOPT-04] is in Redis before an answer goes out, unless Redis is slow or away', async () => {
    const { kept, written } = keeper();
    await kept.keep(room, 's:1');
    expect(written).toEqual([{ 's:1': 'one' }]);
    const slow = keeper({ keep: () => new Promise(() => undefined) });
    await slow.kept.keep(room, 's:1');
    expect(slow.kept.backlog).toBe(1);
    const away = keeper({ isReady: false });
    await away.kept.keep(room, 's:1');
    expect(away.written).toEqual([]);
    expect(await away.kept.flush()).toBe(false);
    away.store.isReady = true;
    expect(await away.kept.flush()).toBe(true);
  });

  test('[ADOPT-04] is written in the next turn where an answer told more of it', async () => {
    const { kept, written, texts } = keeper();
    kept.noteNow(room, 's:1');
    texts['s:1'] = 'newer';
    expect(written).toEqual([]);
    await nextTurn();
    expect(written).toEqual([{ 's:1': 'newer' }]);
    expect(kept.backlog).toBe(0);
    expect(await kept.flush()).toBe(true);
    expect(written).toHaveLength(1);
  });

  test('[ADOPT-07] of a room that another gateway took is refused, and the offer with it', async () => {
    const { kept } = keeper({ keep: () => Promise.resolve(false) });
    await expect(kept.keep(room, 's:1')).rejects.toMatchObject({ code: 'home-unknown' });
  });

  test('[ADOPT-04] that Redis did not take is written again', async () => {
    let fails = true;
    const keep = () => (fails ? Promise.reject(new Error('away')) : Promise.resolve(true));
    const { kept, written } = keeper({ keep });
    kept.note(room, 's:1');
    expect(await kept.flush()).toBe(false);
    fails = false;
    expect(await kept.flush()).toBe(true);
    expect(written.at(-1)).toEqual({ 's:1': 'one' });
  });
});
