import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { createLogger } from '../../../../gateway/observability/logger.ts';
import type { ViewerId } from '../../../../gateway/protocol/control.ts';
import { JournalEntry } from '../../../../gateway/protocol/journal.ts';
import { InputJournals } from '../../../../gateway/recordings/journal/input-journals.ts';
import { aRoom, aSource } from '../../../support/gateway/a-gateway-core.ts';
import { aFrame, FakeInputViewer } from '../../../support/gateway/an-input-desk.ts';
import { waitFor } from '../../../support/wait-for.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelcast-journals-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const ROOM = aRoom('demo');
const PLACE = { room: ROOM, source: aSource('main') };
const ANNA = { viewer: 'aaaaaaaaaa' as ViewerId, name: 'Anna', subject: 'anna' };
const entries = (): JournalEntry[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JournalEntry.parse(JSON.parse(line)));

const journals = (detail: 'off' | 'redacted' | 'full' = 'redacted') =>
  new InputJournals({
    detail,
    standing: () => [{ source: PLACE.source, who: ANNA, devices: ['pointer'] }],
    log: createLogger({ level: 'silent', format: 'json' }),
  });

const recording = () => ({ room: ROOM, sources: null, startedAt: Date.now() - 1_000, path });

describe('journals', () => {
  test('[REC-50] input and control of a recorded room are written in order, since it began', async () => {
    const all = journals();
    const journal = all.open(recording());
    all.passed(PLACE, new FakeInputViewer('anna'), aFrame({ pointer: { x: 0.5, y: 0.5 } }));
    all.changed({ change: 'released', place: PLACE, who: ANNA, devices: ['pointer'], by: null });
    await journal?.close();
    const written = entries();
    expect(written).toMatchObject([
      { type: 'control', change: 'holds', name: 'Anna', devices: ['pointer'] },
      { type: 'input', pointer: { x: 0.5, y: 0.5 } },
      { type: 'control', change: 'released' },
    ]);
    expect(written[0]?.at).toBeGreaterThanOrEqual(1_000);
    expect(written[0]?.at).toBeLessThan(60_000);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('[REC-50] other rooms, other sources and what comes after its end are not', async () => {
    const all = journals();
    const journal = all.open({ ...recording(), sources: [aSource('host')] });
    const viewer = new FakeInputViewer('anna');
    const frame = aFrame({ pointer: { x: 0, y: 0 } });
    all.passed(PLACE, viewer, frame);
    all.passed({ room: aRoom('else'), source: aSource('host') }, viewer, frame);
    all.passed({ room: ROOM, source: aSource('host') }, viewer, frame);
    await journal?.close();
    all.passed({ room: ROOM, source: aSource('host') }, viewer, frame);
    expect(entries()).toMatchObject([{ type: 'input', source: 'host' }]);
  });

  test('[REC-50] with RECORD_INPUT=off there is none', () => {
    expect(journals('off').open(recording())).toBeNull();
  });

  test('[REC-56] what was let through is on the disk while the recording goes on', async () => {
    const all = journals();
    const journal = all.open(recording());
    all.passed(PLACE, new FakeInputViewer('anna'), aFrame({ pointer: { x: 1, y: 1 } }));
    await waitFor(() => entries().length === 2, { what: 'the entries of an open journal' });
    await journal?.close();
  });

  test('[REC-57] what does not fit is counted, and told as a gap', async () => {
    const all = journals();
    const journal = all.open(recording());
    const viewer = new FakeInputViewer('anna');
    const clicks = LIMITS.journalWaiting + 10;
    for (let count = 0; count < clicks; count += 1) {
      const events = [{ type: 'button' as const, button: 0, down: count % 2 === 0 }];
      all.passed(PLACE, viewer, aFrame({ sequence: count, eventsBefore: count, events }));
    }
    await journal?.close();
    expect(entries().at(-1)).toMatchObject({ type: 'gap', lost: 11 });
    expect(entries()).toHaveLength(LIMITS.journalWaiting + 1);
  });

  test('[REC-57] a disk that takes nothing for a while costs what came meanwhile', async () => {
    mkdirSync(path);
    const all = journals();
    const journal = all.open(recording());
    const viewer = new FakeInputViewer('anna');
    const move = (x: number) =>
      all.passed(PLACE, viewer, aFrame({ sequence: x, pointer: { x, y: 0 } }));
    await waitFor(() => journal?.lost === 1, { what: 'a batch that was lost' });
    rmSync(path, { recursive: true });
    move(1);
    await journal?.close();
    expect(entries()).toMatchObject([{ type: 'input' }, { type: 'gap', lost: 1 }]);
  });
});
