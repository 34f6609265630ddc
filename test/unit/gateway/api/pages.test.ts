import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readCursor, writeCursor } from '../../../../gateway/http/api/cursor.ts';
import { pageOfNames } from '../../../../gateway/http/api/name-page.ts';
import { allItems } from '../../../../gateway/protocol/api/client.ts';

const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_-]{1,6}$/), { maxLength: 200 });

test('[API-03] pages of names put together are all of them, in order, whatever their size', () => {
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 20 }), (given, limit) => {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = pageOfNames(given, { after, limit });
        expect(page.total).toBe(given.length);
        expect(page.names.length).toBeLessThanOrEqual(limit);
        seen.push(...page.names);
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(seen).toEqual(given.toSorted((a, b) => (a < b ? -1 : 1)));
    }),
  );
});

test('[API-03] a name that goes between two pages moves no other', () => {
  const first = pageOfNames(['a', 'b', 'c', 'd'], { after: undefined, limit: 2 });
  expect(first.next).toBe('b');
  const rest = pageOfNames(['aa', 'c', 'd'], { after: first.next ?? undefined, limit: 2 });
  expect(rest.names).toEqual(['c', 'd']);
});

test('[API-04] a cursor that is none of ours is refused, whatever it is', () => {
  const schema = z.int().min(0);
  expect(readCursor(undefined, schema)).toBeUndefined();
  expect(readCursor(writeCursor(7), schema)).toBe(7);
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      try {
        expect(readCursor(text, schema)).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-request' });
      }
    }),
  );
  for (const forged of [-1, 1.5, 'x', null, { $gt: 0 }, [1], '__proto__']) {
    expect(() => readCursor(writeCursor(forged), schema)).toThrow(/cursor/);
  }
});

test('[API-02] the client reads a list page after page', async () => {
  const pages = [
    { items: [1, 2], next: 'x' },
    { items: [3], next: null },
  ];
  const asked: (string | undefined)[] = [];
  const seen: number[] = [];
  const list = (cursor: string | undefined) => {
    asked.push(cursor);
    return Promise.resolve(pages[asked.length - 1] ?? { items: [], next: null });
  };
  for await (const item of allItems(list)) seen.push(item);
  expect([seen, asked]).toEqual([
    [1, 2, 3],
    [undefined, 'x'],
  ]);
});
