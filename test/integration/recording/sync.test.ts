import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { encodeClip } from '../../support/media/encoded-clip.ts';
import { soundOffsets } from '../../support/recording/flashes.ts';
import { whipExchange } from '../../support/recording/media-page.ts';
import { openRecordingGateway } from '../../support/recording/recording-gateway.ts';
import { spoolHolds } from '../../support/recording/spool.ts';
import { ClipPublisher } from '../../support/rtc/clip-publisher.ts';

const MOST_MS = 80;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

test.each([
  ['as soon as their sound', 0],
  ['300 ms later', 300],
])(
  '[REC-93] pictures that arrive %s are beside it in the file, at the start and at the end',
  { timeout: 180_000 },
  async (_, lateMs) => {
    const clip = await encodeClip({ codec: 'h264', width: 320, height: 240, rowHeight: 240 });
    const stage = await openRecordingGateway();
    const token = aToken({ can: ['publish'] });
    const exchange = whipExchange(`${stage.gateway.url}/whip/demo`, token);
    const publisher = await ClipPublisher.connect(exchange, { clip, lateMs });
    onTestFinished(() => publisher.close());
    const started = await stage.call('POST', '/rooms/demo/recordings', {});
    const { id } = (await started.json()) as RecordingView;
    const secondBytes =
      (clip.rows[0]?.frames ?? []).reduce((sum, { payload }) => sum + payload.length, 0) / 2;
    await spoolHolds(stage.folder, 'demo', 14 * secondBytes);
    await stage.call('POST', `/recordings/${id}/stop`);
    const view = await stage.wait(id, 'to be ready', ({ state }) => state === 'ready');
    const [part = expect.fail()] = view.parts;
    const media = await stage.call('GET', `/recordings/${id}/parts/${part.id}.mp4`);
    const file = join(aFolder(), 'part.mp4');
    await writeFile(file, Buffer.from(await media.arrayBuffer()));
    const offsets = await soundOffsets(file);
    const [start, end] = [median(offsets.slice(0, 3)), median(offsets.slice(-3))];
    process.stdout.write(
      `late by ${lateMs} ms: sound ${start.toFixed(0)} ms behind its picture at the start, ` +
        `${end.toFixed(0)} ms at the end; ${offsets.length} flashes\n`,
    );
    expect(offsets.length).toBeGreaterThan(8);
    expect(Math.abs(start)).toBeLessThan(MOST_MS);
    expect(Math.abs(end)).toBeLessThan(MOST_MS);
  },
);
