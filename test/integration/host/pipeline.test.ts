import { describe, expect, it } from 'vitest';
import { tryEncoder } from '../../../host-publisher/media/encoding/probe.ts';
import { ENCODERS } from '../../../host-publisher/media/encoding/encoders.ts';
import { requireElements } from '../../../host-publisher/media/gstreamer/elements.ts';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { Pipeline } from '../../../host-publisher/media/gstreamer/pipeline.ts';
import { TRIAL_SINK, trial } from '../../../host-publisher/media/gstreamer/trial.ts';
import { waitFor } from '../../support/wait-for.ts';

const gst = loadGst();
gst.init(null, null, [null]);

describe('a pipeline', () => {
  it('is refused with the words of GStreamer when it cannot be built', () => {
    expect(() => Pipeline.parse(gst, 'fakesrc ! nosuchelement')).toThrow(
      /no element "nosuchelement"/,
    );
    expect(() => Pipeline.parse(gst, 'x264enc speed-preset=none-such')).toThrow(/speed-preset/);
  });

  it('fails with the error of an element', async () => {
    const pipeline = Pipeline.parse(gst, 'filesrc location=/nowhere/at/all ! fakesink');
    await expect(pipeline.play()).rejects.toThrow(/^GStreamer stopped: ./);
    await pipeline.close();
  });

  it('fails while it plays', async () => {
    const pipeline = Pipeline.parse(gst, 'videotestsrc ! identity error-after=5 ! fakesink');
    await pipeline.play();
    await expect(pipeline.ended).rejects.toThrow(/GStreamer stopped/);
    await pipeline.close();
  });

  it('ends twice without harm, also while packets come', async () => {
    const pipeline = Pipeline.parse(gst, `videotestsrc is-live=true ! ${TRIAL_SINK}`);
    let frames = 0;
    pipeline.onBuffer('trial', (bytes) => {
      expect(bytes.length).toBeGreaterThan(1000);
      frames += 1;
    });
    await pipeline.play();
    await waitFor(() => frames > 2, { what: 'frames' });
    await Promise.all([pipeline.close(), pipeline.close()]);
    expect(pipeline.push('trial', Buffer.alloc(1), 0n, 0n)).toBe(false);
  });

  it('changes the rate and sends a key frame while it plays', async () => {
    const pipeline = Pipeline.parse(
      gst,
      'videotestsrc is-live=true pattern=snow ! video/x-raw,format=I420,width=320,height=180,framerate=30/1 ! ' +
        'x264enc name=encoder tune=zerolatency speed-preset=ultrafast bitrate=2000 key-int-max=600 ! ' +
        `video/x-h264,stream-format=byte-stream,alignment=au ! ${TRIAL_SINK}`,
    );
    const frames: Buffer[] = [];
    const isKeyframe = (frame: Buffer): boolean => frame.includes(Buffer.from([0, 0, 1, 0x67]));
    pipeline.onBuffer('trial', (frame) => frames.push(frame));
    await pipeline.play();
    await waitFor(() => frames.length >= 30, { timeoutMs: 10_000, what: 'a second of frames' });
    const mean = (some: readonly Buffer[]) =>
      some.reduce((sum, { length }) => sum + length, 0) / some.length;
    const before = mean(frames.slice(10, 30));
    expect(frames.slice(1).some(isKeyframe)).toBe(false);

    pipeline.set('encoder', 'bitrate', '300');
    pipeline.forceKeyframe('trial');
    const changedAt = frames.length;
    await waitFor(() => frames.length >= changedAt + 40, {
      timeoutMs: 10_000,
      what: 'more frames',
    });
    expect(frames.slice(changedAt).filter(isKeyframe)).toHaveLength(1);
    expect(mean(frames.slice(-15))).toBeLessThan(before / 2);
    await pipeline.close();
  });
});

describe('a trial', () => {
  it('fails when the time is up', async () => {
    await expect(trial(gst, `appsrc ! ${TRIAL_SINK}`, 100)).rejects.toThrow(/within 100 ms/);
  });

  it('finds out which encoders of the table work, and why the others do not', async () => {
    const picture = { width: 320, height: 180, fps: 30, bitrateKbps: 500 };
    const found = new Map<string, boolean>();
    for (const encoder of ENCODERS) {
      const { works, remark } = await tryEncoder(gst, encoder, picture);
      found.set(encoder.element, works);
      expect(remark).not.toBe('');
    }
    expect(found.get('x264enc')).toBe(true);
    expect(found.get('vp8enc')).toBe(true);
  });
});

describe('missing elements', () => {
  it('are named with the packages that bring them', () => {
    expect(() => requireElements(gst, ['queue', 'nosuchelement'])).toThrow(
      /nosuchelement\. On Debian/,
    );
    expect(() => requireElements(gst, ['queue', 'x264enc'])).not.toThrow();
  });
});
