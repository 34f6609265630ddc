import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFile } from '../../../host-publisher/media/file/file-source.ts';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { aClip } from '../../support/host/a-clip.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { FedSource, gapsOf, type Arrival } from '../../support/host/fed-source.ts';
import { waitFor } from '../../support/wait-for.ts';

const gst = loadGst();
gst.init(null, null, [null]);
const picture = { width: 320, height: 180, fps: 25, bitrateKbps: 500 };
const open = (file: string, more = {}) =>
  openFile(gst, aPlan({ source: 'file', sound: 'file', file, picture, ...more }));
const until = (arrivals: readonly Arrival[], ms: number) =>
  waitFor(() => (arrivals.at(-1)?.timeMs ?? 0) > ms, { timeoutMs: 15_000, what: `${ms} ms` });

describe('a file as a source', () => {
  it('plays at its pace, over and over without a gap, times only growing', async () => {
    const fed = await FedSource.play(gst, await open(await aClip({ seconds: 1 })));
    await until(fed.picture, 4_000);
    await until(fed.sound, 4_000);
    const frames = gapsOf(fed.picture);
    expect(Math.min(...frames)).toBeGreaterThan(30);
    expect(Math.max(...frames)).toBeLessThan(60);
    const sounds = gapsOf(fed.sound);
    expect(Math.min(...sounds)).toBeGreaterThan(0);
    expect(Math.max(...sounds)).toBeLessThan(60);
    const startsApartMs = (fed.picture[0]?.timeMs ?? 0) - (fed.sound[0]?.timeMs ?? 0);
    expect(Math.abs(startsApartMs)).toBeLessThan(60);
    // Nothing comes before its time, and a loop has no hiccup beyond what is decoded ahead.
    for (const { lateMs } of fed.picture) expect(lateMs).toBeGreaterThan(-1);
  });

  it('shows other frames in the course of a turn and the same in the next', async () => {
    const fed = await FedSource.play(gst, await open(await aClip({ seconds: 1, toneHz: null })));
    expect(fed.sound).toEqual([]);
    await until(fed.picture, 3_500);
    const [first, later, again] = [5, 15, 30].map((index) => fed.picture[index]?.bytes);
    expect(first?.equals(later ?? first)).toBe(false);
    expect(again?.equals(first ?? Buffer.alloc(0))).toBe(true);
  });

  it('ends once, with exit code 0, when it does not loop', async () => {
    const source = await open(await aClip({ seconds: 1 }), { loop: false });
    const fed = await FedSource.play(gst, source);
    await waitFor(() => fed.failure, { timeoutMs: 15_000, what: 'the end' });
    expect(fed.failure).toMatchObject({ code: 'source-ended', message: 'The file has ended.' });
    expect(fed.picture.length).toBeGreaterThanOrEqual(24);
    expect(fed.picture.length).toBeLessThanOrEqual(26);
  });

  it('shows an image as a picture that stays', async () => {
    const path = await aClip({ name: 'still.png', toneHz: null, video: ['png', '-frames:v', '1'] });
    const fed = await FedSource.play(gst, await open(path));
    await until(fed.picture, 1_500);
    expect(Math.max(...gapsOf(fed.picture))).toBeLessThan(60);
  });

  it.each([
    ['is not there', '/nowhere/clip.mp4', 'source-missing', /is not there\.$/],
    ['is a folder', '/tmp', 'source-missing', /is no file\.$/],
  ])('that %s is one sentence', async (_, path, code, message) => {
    await expect(open(path)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('that is no film is one sentence', async () => {
    const path = join(aFolder(), 'noise.mp4');
    writeFileSync(path, Buffer.alloc(10_000, 'no film at all '));
    await expect(open(path)).rejects.toMatchObject({
      code: 'source-missing',
      message: expect.stringContaining('cannot be played: ') as string,
    });
  });

  it('that has sound alone is refused', async () => {
    const path = await aClip({ name: 'song.ogg', video: null });
    await expect(open(path)).rejects.toThrow(/song\.ogg has no picture\.$/);
  });

  it('whose codec has no decoder here is told with the package', async () => {
    const path = await aClip({ name: 'old.mkv', toneHz: null, video: ['snow', '-strict', '-2'] });
    await expect(open(path)).rejects.toMatchObject({
      code: 'software-missing',
      message: expect.stringMatching(/apt-get install gstreamer1\.0-libav$/) as string,
    });
  });
});
