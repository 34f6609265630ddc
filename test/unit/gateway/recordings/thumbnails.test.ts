import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../../../gateway/observability/logger.ts';
import { MOST_THUMBNAILS, thumbnailIntervalMs } from '../../../../gateway/protocol/thumbnails.ts';
import {
  thumbnailFolder,
  Thumbnails,
} from '../../../../gateway/recordings/thumbnails/thumbnails.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelcast-thumbnails-'));
  file = join(folder, 'abcd1234.mp4');
});
afterEach(() => rmSync(folder, { recursive: true }));

const log = createLogger({ level: 'silent', format: 'json' });
const aPart = (durationMs: number) => ({
  id: 'abcd1234',
  durationMs,
  video: 'H264',
  thumbnails: 0,
  detail: '',
});

/** A picture that changes its size in the middle, as a browser's does. */
function aMovie(): void {
  const annexB = ['320x180', '640x480'].map((size) =>
    execFileSync('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc=size=${size}:rate=10:duration=5`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-f', 'h264', '-'],
    ]),
  );
  execFileSync('ffmpeg', ['-v', 'error', '-r', '10', '-i', '-', '-c', 'copy', file], {
    input: Buffer.concat(annexB),
  });
}

describe('thumbnails', () => {
  test('[REC-58] a part has one of every two seconds, though its picture changed its size', async () => {
    aMovie();
    const part = aPart(10_000);
    await new Thumbnails({ log }).partMade({}, part, file);
    const made = thumbnailFolder(folder, part.id);
    expect(part).toMatchObject({ thumbnails: 5, detail: '' });
    expect(readdirSync(made).toSorted()).toEqual(['0.jpg', '1.jpg', '2.jpg', '3.jpg', '4.jpg']);
    for (const name of readdirSync(made)) {
      expect(readFileSync(join(made, name)).readUInt16BE(0)).toBe(0xff_d8);
    }
    expect(readdirSync(folder)).not.toContain('abcd1234-thumbnails.new');
  });

  test('[REC-58] one that is shorter than their distance has one', async () => {
    aMovie();
    const short = join(folder, 'short.mp4');
    execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-t', '0.3', '-c', 'copy', short]);
    const part = aPart(300);
    await new Thumbnails({ log }).partMade({}, part, short);
    expect(part.thumbnails).toBe(1);
  });

  test('[REC-58] never more than so many, however long it is', () => {
    for (const durationMs of [0, 1, 200_000, 200_001, 86_400_000]) {
      expect(durationMs / thumbnailIntervalMs(durationMs)).toBeLessThanOrEqual(MOST_THUMBNAILS);
    }
  });

  test.each([
    ['is not installed', 'no-such-ffmpeg', 'ffmpeg is not installed'],
    ['cannot read the file', 'ffmpeg', 'could not read'],
  ])('[REC-59] where ffmpeg %s the part says so', async (_, command, sentence) => {
    writeFileSync(file, 'nothing of a movie');
    const part = aPart(1_000);
    await new Thumbnails({ command, log }).partMade({}, part, file);
    expect(part.thumbnails).toBe(0);
    expect(part.detail).toContain(sentence);
    expect(readdirSync(folder)).toEqual(['abcd1234.mp4']);
  });

  test('[REC-59] sound alone has none, and nothing is said', async () => {
    const part = { ...aPart(1_000), video: null };
    await new Thumbnails({ command: 'no-such-ffmpeg', log }).partMade({}, part, file);
    expect(part).toMatchObject({ thumbnails: 0, detail: '' });
  });
});
