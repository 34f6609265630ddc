import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ViewerId } from '../../../../gateway/protocol/control.ts';
import { SourceId } from '../../../../gateway/protocol/ids.ts';
import type { JournalEntry } from '../../../../gateway/protocol/journal.ts';
import {
  readJournal,
  type JournalWish,
} from '../../../../gateway/recordings/journal/read-journal.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelcast-journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const entryAt = (at: number): JournalEntry => ({ type: 'gap', at, lost: 1 });
const lines = (entries: readonly JournalEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
const ALL = { from: 0, to: Infinity, controlOnly: false };
async function read(wish: Partial<JournalWish> = {}): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of readJournal(path, { ...ALL, ...wish })) entries.push(entry);
  return entries;
}

describe('reading a journal', () => {
  test('[REC-54] a line that was cut at the end is passed over', async () => {
    const whole = lines([entryAt(1), entryAt(2)]);
    for (const cut of [1, 5, 20]) {
      writeFileSync(path, whole.slice(0, -cut));
      expect(await read()).toEqual([entryAt(1)]);
    }
  });

  test('[REC-54] so is one in the middle, and what is no entry', async () => {
    writeFileSync(path, lines([entryAt(1)]));
    appendFileSync(path, '{"type":"gap","at":2,"lo\n{"type":"else","at":3}\n\n\0\0\0\n');
    appendFileSync(path, lines([entryAt(4)]));
    expect(await read()).toEqual([entryAt(1), entryAt(4)]);
  });

  test('[REC-54] without a file there are none', async () => {
    expect(await read()).toEqual([]);
  });

  test('[REC-55] a range of time is what a filter of all gives, wherever it lies', async () => {
    const entries = Array.from({ length: 20_000 }, (_, at) => entryAt(at * 3));
    writeFileSync(path, lines(entries));
    const time = fc.integer({ min: -10, max: 61_000 });
    await fc.assert(
      fc.asyncProperty(time, time, async (from, to) => {
        expect(await read({ from, to })).toEqual(
          entries.filter(({ at }) => at >= from && at <= to),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('[REC-55] changes of control are had alone', async () => {
    const who = { viewer: 'aaaaaaaaaa' as ViewerId, name: 'a "control" of', subject: 'anna' };
    const control = {
      type: 'control',
      at: 2,
      source: SourceId.parse('main'),
      change: 'asked',
    } as const;
    const entry: JournalEntry = { ...control, ...who, devices: ['pointer'] };
    writeFileSync(path, lines([entryAt(1), entry, entryAt(3)]));
    expect(await read({ controlOnly: true })).toEqual([entry]);
  });
});
