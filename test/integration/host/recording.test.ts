import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { probeMedia } from '../../support/host/probe-media.ts';
import { RecordedPipeline } from '../../support/host/recorded-pipeline.ts';
import { waitFor } from '../../support/wait-for.ts';

const gst = loadGst();
gst.init(null, null, [null]);
const PAUSE_MS = 800;
/** Six frames of 30 a second, on a machine that does other things too. */
/** The disk stands still for 3 s. */
const LONGEST_GAP_MS = 1_500;
const fileIn = (folder: string) => join(folder, readdirSync(folder)[0] ?? '');
const publishes = (recorded: RecordedPipeline, more: number) => {
  const before = recorded.published;
  return waitFor(() => recorded.published > before + more, {
    timeoutMs: 15_000,
    what: `${more} frames to be published`,
  });
};

describe('a recording', () => {
  it.each([
    ['H264', 'h264', /demo-main-\d{8}T\d{6}Z\.ts$/],
    ['VP8', 'vp8', /\.webm$/],
  ] as const)(
    'of %s plays, in sync, through a change of its size and a pause',
    async (codec, name, file) => {
      const folder = aFolder();
      const recorded = await RecordedPipeline.play(gst, folder, codec);
      await publishes(recorded, 45);
      recorded.shrink();
      await publishes(recorded, 45);
      await recorded.pause(PAUSE_MS);
      await publishes(recorded, 30);
      await recorded.close();
      expect(recorded.notices).toEqual([`Recording to ${fileIn(folder)}.`]);
      expect(fileIn(folder)).toMatch(file);
      const media = await probeMedia(fileIn(folder));
      expect(media.complaints).toBe('');
      expect(media.codecs).toEqual([name, 'opus'].toSorted());
      expect(media.widths).toEqual([640, 320]);
      expect(media.frames).toBeGreaterThan(110);
      expect(media.picture.longestGap).toBeGreaterThan((0.9 * PAUSE_MS) / 1000);
      expect(Math.abs(media.picture.first - media.sound.first)).toBeLessThan(0.06);
      expect(Math.abs(media.picture.last - media.sound.last)).toBeLessThan(0.2);
    },
  );

  it('is on the disk while it goes on: what is there at a kill plays', async () => {
    const folder = aFolder();
    const recorded = await RecordedPipeline.play(gst, folder);
    await publishes(recorded, 120);
    const atSeconds = recorded.seconds;
    // Copied without a close: what a kill -9 leaves behind.
    const copy = join(aFolder(), 'left.ts');
    execFileSync('cp', [fileIn(folder), copy]);
    const media = await probeMedia(copy);
    expect(media.picture.last - media.picture.first).toBeGreaterThan(atSeconds - 2);
    expect(media.frames).toBeGreaterThan(60);
  });

  it('into a folder that may not be written is told once, and publishing goes on', async () => {
    const recorded = await RecordedPipeline.play(gst, '/proc/nothing-can-be-made-here');
    await publishes(recorded, 30);
    expect(recorded.notices).toHaveLength(1);
    expect(recorded.notices[0]).toMatch(/^The recording has ended, publishing goes on: /);
  });

  it.skipIf(process.getuid?.() !== 0)('onto a full disk ends, and publishing goes on', async () => {
    const folder = aFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=100k', 'tmpfs', folder]);
    onTestFinished(() => void execFileSync('umount', ['-l', folder]));
    const recorded = await RecordedPipeline.play(gst, folder);
    await waitFor(() => recorded.notices.length === 2, { timeoutMs: 15_000, what: 'a notice' });
    expect(recorded.notices[1]).toMatch(/^The recording has ended, publishing goes on: .*space/i);
    expect(statSync(fileIn(folder)).size).toBeGreaterThan(50_000);
    await publishes(recorded, 30);
    expect(recorded.notices).toHaveLength(2);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'onto a disk that stands still delays nothing, and is whole when the disk goes on',
    async () => {
      const folder = aFolder();
      const image = join(aFolder(), 'disk.img');
      execFileSync('truncate', ['-s', '16M', image]);
      execFileSync('mkfs.ext4', ['-q', image]);
      execFileSync('mount', ['-o', 'loop', image, folder]);
      onTestFinished(() => void execFileSync('umount', ['-l', folder]));
      const file = join(folder, 'still.ts');
      const recorded = await RecordedPipeline.play(gst, file);
      await publishes(recorded, 30);
      execFileSync('fsfreeze', ['-f', folder]);
      let isFrozen = true;
      const thaw = () => {
        if (isFrozen) execFileSync('fsfreeze', ['-u', folder]);
        isFrozen = false;
      };
      onTestFinished(thaw);
      const size = statSync(file).size;
      const from = recorded.published;
      await publishes(recorded, 90);
      expect(statSync(file).size).toBeLessThan(size + 65_536);
      thaw();
      const times = recorded.publishedAtMs.slice(from);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.max(...gaps)).toBeLessThan(LONGEST_GAP_MS);
      await recorded.close();
      const media = await probeMedia(file);
      expect(media.complaints).toBe('');
      expect(media.frames).toBeGreaterThan(115);
      expect(recorded.notices).toHaveLength(1);
    },
  );
});
