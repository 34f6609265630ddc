import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { UNPAINTED_WINDOW } from '../../../../gateway/protocol/media/media-protocol.ts';
import { writeSound } from '../../../../gateway/protocol/media/sound.ts';
import { FedViewer } from '../../../support/media/fed-viewer.ts';
import { FeedStage } from '../../../support/media/feed-stage.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sound = (sequence: number) =>
  writeSound({ sequence, capturedAtUs: 1, payload: new Uint8Array(80) });

/** Fills the window of a viewer whose path has no delay; returns what it was sent. */
function fill(stage: FeedStage, viewer: FedViewer): void {
  stage.show();
  viewer.paint();
  for (let count = 0; count <= UNPAINTED_WINDOW; count += 1) stage.show();
}

describe('demand', () => {
  test('[MEDIA-02] a publisher hears who wants what: at once when it begins, then the newest', () => {
    const stage = new FeedStage();
    expect(stage.told).toEqual([{ type: 'media/demand', picture: 0, sound: 0 }]);
    const viewer = new FedViewer(stage.feed);
    expect(stage.told.at(-1)).toEqual({ type: 'media/demand', picture: 1, sound: 1 });
    const others = [new FedViewer(stage.feed), new FedViewer(stage.feed)];
    for (const other of others) other.feed.want({ picture: false, sound: true });
    expect(stage.heard('media/demand')).toHaveLength(2);
    vi.advanceTimersByTime(100);
    expect(stage.told.at(-1)).toEqual({ type: 'media/demand', picture: 1, sound: 3 });
    viewer.feed.end();
    for (const other of others) other.feed.end();
    vi.advanceTimersByTime(100);
    expect(stage.told.at(-1)).toEqual({ type: 'media/demand', picture: 0, sound: 0 });
  });

  test('[MEDIA-02] the next publisher hears of those who wait', () => {
    const stage = new FeedStage();
    stage.publication.end();
    new FedViewer(stage.feed);
    stage.told.length = 0;
    stage.publish();
    expect(stage.told).toEqual([{ type: 'media/demand', picture: 1, sound: 1 }]);
  });

  test('[MEDIA-03] without viewers, or without a publisher, nothing runs', () => {
    const stage = new FeedStage();
    const viewer = new FedViewer(stage.feed);
    stage.show();
    vi.advanceTimersByTime(2_000);
    expect(vi.getTimerCount()).toBe(1);
    viewer.feed.end();
    vi.advanceTimersByTime(200);
    expect(vi.getTimerCount()).toBe(0);
    const next = new FedViewer(stage.feed);
    stage.publication.end();
    expect(vi.getTimerCount()).toBe(0);
    expect(stage.empty).toBe(0);
    next.feed.end();
    expect(stage.empty).toBe(1);
    expect(stage.feed.bytes).toBe(0);
  });
});

describe('the window', () => {
  test('[MEDIA-04] no picture is begun while so many are not painted', () => {
    const stage = new FeedStage({ codec: 'h264' });
    const viewer = new FedViewer(stage.feed);
    fill(stage, viewer);
    expect(viewer.unpainted).toEqual([1, 2, 3]);
    expect(stage.figures.dropped.window).toBe(2);
  });

  test('[MEDIA-04] a long path holds more: what its least round trip takes', () => {
    const stage = new FeedStage({ codec: 'h264' });
    const viewer = new FedViewer(stage.feed);
    const due: { readonly at: number; readonly frame: number }[] = [];
    for (let at = 0; at < 20_000; at += 25) {
      while (due[0] !== undefined && due[0].at <= at) viewer.feed.painted(due.shift()?.frame ?? 0);
      stage.show({ isKey: at === 5_000 });
      due.push(...viewer.unpainted.splice(0).map((frame) => ({ at: at + 200, frame })));
      vi.advanceTimersByTime(25);
      if (at === 4_000) stage.figures.dropped.window = 0;
    }
    expect(stage.figures.dropped.window).toBe(0);
    expect(viewer.pictures.at(-1)).toBe(stage.frame);
  });

  test('[MEDIA-04] what is sent does not pile up before a viewer that is too slow', () => {
    const stage = new FeedStage();
    const viewer = new FedViewer(stage.feed);
    const waiting: number[] = [];
    for (let at = 0; at < 60_000; at += 25) {
      if (at % 300 === 0) viewer.paint('oldest');
      stage.show();
      vi.advanceTimersByTime(25);
      if (at > 15_000) waiting.push(viewer.unpainted.length);
    }
    expect(Math.max(...waiting)).toBeLessThanOrEqual(UNPAINTED_WINDOW + 3);
  });

  test('[MEDIA-04] a path that seems longer than any is a queue, and holds no more', () => {
    const stage = new FeedStage();
    const viewer = new FedViewer(stage.feed);
    const due: { readonly at: number; readonly frame: number }[] = [];
    let most = 0;
    for (let at = 0; at < 20_000; at += 100) {
      while (due[0] !== undefined && due[0].at <= at) viewer.feed.painted(due.shift()?.frame ?? 0);
      stage.show();
      due.push(...viewer.unpainted.splice(0).map((frame) => ({ at: at + 2_000, frame })));
      if (at > 10_000) most = Math.max(most, due.length);
      vi.advanceTimersByTime(100);
    }
    expect(most).toBeLessThanOrEqual(UNPAINTED_WINDOW + 4);
    expect(most).toBeGreaterThanOrEqual(UNPAINTED_WINDOW);
  });

  test('[MEDIA-04] before its first receipt a viewer is sent 9 pictures', () => {
    const stage = new FeedStage();
    const viewer = new FedViewer(stage.feed);
    for (let count = 0; count < 20; count += 1) stage.show();
    expect(viewer.pictures).toHaveLength(UNPAINTED_WINDOW + 6);
  });

  test('[MEDIA-05] a receipt covers all sent before; one for what was never sent is refused', () => {
    const stage = new FeedStage({ frame: 0xffff_fffe });
    const viewer = new FedViewer(stage.feed);
    for (let count = 0; count < 4; count += 1) stage.show();
    expect(viewer.pictures).toEqual([0xffff_fffe, 0xffff_ffff, 0, 1]);
    expect(viewer.feed.painted(0)).toBe(true);
    expect(viewer.feed.painted(0xffff_ffff)).toBe(true);
    expect(viewer.feed.painted(0)).toBe(true);
    expect(viewer.feed.painted(2)).toBe(false);
    expect(viewer.feed.painted(0xffff_fffd)).toBe(false);
  });

  test('[MEDIA-06] who paints nothing for ten seconds is sent away, unless it wants no picture', () => {
    const stage = new FeedStage();
    const [viewer, hidden] = [new FedViewer(stage.feed), new FedViewer(stage.feed)];
    stage.show();
    hidden.feed.want({ picture: false, sound: true });
    vi.advanceTimersByTime(LIMITS.mediaUnpaintedMs);
    expect(viewer.stalled).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(viewer.stalled).toBe(1);
    expect(hidden.stalled).toBe(0);
  });

  test('[MEDIA-06] a large picture has as long as a slow line needs for it, after those before it', () => {
    const bytes = 10 * LIMITS.mediaSlowestBytesPerSecond;
    const stage = new FeedStage({ bytes, rows: 2 });
    const viewer = new FedViewer(stage.feed);
    stage.show();
    stage.show({ rows: [0] });
    vi.advanceTimersByTime(LIMITS.mediaUnpaintedMs + 19_000);
    viewer.paint('oldest');
    vi.advanceTimersByTime(LIMITS.mediaUnpaintedMs + 10_000);
    expect(viewer.stalled).toBe(0);
    expect(viewer.feed.owesReceipt).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(viewer.stalled).toBe(1);
  });

  test('[MEDIA-06] sound that a viewer hears is no time for its pictures, and no picture has for ever', () => {
    const stage = new FeedStage({ bytes: LIMITS.mediaPictureBytes / 8, rows: 2 });
    const viewer = new FedViewer(stage.feed);
    stage.show();
    vi.advanceTimersByTime(LIMITS.mediaUnpaintedMostMs);
    expect(viewer.stalled).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(viewer.stalled).toBe(1);
    const small = new FeedStage();
    const listener = new FedViewer(small.feed);
    small.show();
    const heard = writeSound({ sequence: 1, capturedAtUs: 1, payload: new Uint8Array(4_000) });
    for (let second = 0; second < 12; second += 1) {
      for (let packet = 0; packet < 50; packet += 1) small.publication.take(heard);
      vi.advanceTimersByTime(1_000);
    }
    expect(listener.stalled).toBeGreaterThan(0);
  });

  test('[MEDIA-06] a still picture that was painted is not waited for', () => {
    const stage = new FeedStage();
    const viewer = new FedViewer(stage.feed);
    stage.show();
    viewer.paint();
    vi.advanceTimersByTime(60_000);
    expect(viewer.stalled).toBe(0);
  });

  test('[MEDIA-07] above its budget of bytes a viewer gets neither picture nor sound', () => {
    const stage = new FeedStage();
    const viewer = new FedViewer(stage.feed);
    viewer.queuedBytes = LIMITS.mediaQueueBytes + 1;
    stage.show();
    stage.publication.take(sound(1));
    expect(viewer.messages).toEqual([]);
    expect(stage.figures.dropped.queue).toBe(2);
    expect(stage.figures.soundsDropped).toBe(1);
    viewer.queuedBytes = 0;
    stage.publication.take(sound(2));
    stage.show({ rows: [1] });
    expect(viewer.sounds).toBe(1);
    expect(viewer.stripes.map(({ frame, y, isLast }) => [frame, y, isLast])).toEqual([
      [1, 0, false],
      [1, 16, true],
    ]);
  });
});

describe('who lacks something', () => {
  test('[MEDIA-08] whoever comes to JPEG gets the newest of every row at once, as one picture', () => {
    const stage = new FeedStage({ rows: 3 });
    new FedViewer(stage.feed);
    stage.show();
    stage.show({ rows: [1] });
    const viewer = new FedViewer(stage.feed);
    expect(viewer.stripes.map(({ frame, y, isLast }) => [frame, y, isLast])).toEqual([
      [1, 0, false],
      [1, 16, false],
      [1, 32, true],
    ]);
    expect(viewer.stripes.map(({ payload }) => Buffer.from(payload).readUInt32BE(4))).toEqual([
      0, 1, 0,
    ]);
    expect(stage.heard('media/key')).toEqual([]);
  });

  test('[MEDIA-09] JPEG rows that were left out come as soon as there is room', () => {
    const stage = new FeedStage({ rows: 3 });
    const viewer = new FedViewer(stage.feed);
    fill(stage, viewer);
    stage.show({ rows: [2] });
    expect(viewer.pictures).toEqual([0, 1, 2, 3]);
    viewer.paint('oldest');
    expect(viewer.pictures).toEqual([0, 1, 2, 3, 5]);
    const last = viewer.stripes.slice(-3);
    expect(last.map(({ y, payload }) => [y, Buffer.from(payload).readUInt32BE(4)])).toEqual([
      [0, 4],
      [16, 4],
      [32, 5],
    ]);
  });

  test('[MEDIA-10] an H.264 row that missed one waits for its key; other rows go on', () => {
    const stage = new FeedStage({ codec: 'h264' });
    const viewer = new FedViewer(stage.feed);
    stage.show();
    viewer.paint();
    for (let count = 0; count < 4; count += 1) stage.show({ rows: [0] });
    expect(viewer.pictures).toEqual([0, 1, 2, 3]);
    viewer.paint();
    stage.show();
    expect(viewer.stripes.at(-1)).toMatchObject({ frame: 5, y: 16, isLast: true, isKey: false });
    stage.show({ rows: [0] });
    expect(viewer.pictures).toEqual([0, 1, 2, 3, 5]);
    expect(stage.figures.dropped).toEqual({ window: 1, queue: 0, key: 2 });
    stage.show({ isKey: true });
    expect(viewer.stripes.slice(-2)).toMatchObject([
      { frame: 7, y: 0, isKey: true },
      { frame: 7, y: 16, isKey: true, isLast: true },
    ]);
  });

  test('[MEDIA-11] keys are asked for at once, then twice a second, by one viewer ever more seldom', () => {
    const stage = new FeedStage({ codec: 'h264' });
    new FedViewer(stage.feed);
    stage.show();
    expect(stage.heard('media/key')).toHaveLength(0);
    const viewer = new FedViewer(stage.feed);
    expect(stage.heard('media/key')).toHaveLength(1);
    new FedViewer(stage.feed);
    expect(stage.heard('media/key')).toHaveLength(1);
    vi.advanceTimersByTime(500);
    expect(stage.heard('media/key')).toHaveLength(2);
    stage.show({ isKey: true });
    const asked: number[] = [];
    for (let at = 0; at < 30_000; at += 100) {
      const before = stage.heard('media/key').length;
      viewer.feed.wantKey();
      vi.advanceTimersByTime(100);
      if (stage.heard('media/key').length > before) asked.push(at);
      stage.show({ isKey: true });
      viewer.paint();
    }
    expect(asked).toEqual([400, 2_400, 6_400, 14_400, 22_400]);
  });

  test('[MEDIA-11] however many viewers ask, keys are asked for twice a second', () => {
    const stage = new FeedStage({ codec: 'h264' });
    stage.show();
    for (let at = 0; at < 4_000; at += 100) {
      new FedViewer(stage.feed);
      vi.advanceTimersByTime(100);
    }
    expect(stage.heard('media/key')).toHaveLength(9);
  });

  test('[MEDIA-11] a key that came meanwhile is not asked for again', () => {
    const stage = new FeedStage({ codec: 'h264' });
    new FedViewer(stage.feed);
    stage.show();
    new FedViewer(stage.feed);
    new FedViewer(stage.feed);
    stage.show({ isKey: true });
    vi.advanceTimersByTime(10_000);
    expect(stage.heard('media/key')).toHaveLength(1);
  });

  test('[MEDIA-12] another layout voids what was missed: all rows begin anew', () => {
    const stage = new FeedStage({ codec: 'h264' });
    const viewer = new FedViewer(stage.feed);
    fill(stage, viewer);
    viewer.paint();
    stage.relayout();
    stage.show();
    expect(viewer.stripes.slice(-2)).toMatchObject([
      { layout: 2, isKey: true },
      { layout: 2, isKey: true, isLast: true },
    ]);
  });

  test('[MEDIA-13] after a publisher the next one begins anew, whatever its numbers are', () => {
    const stage = new FeedStage({ codec: 'h264', frame: 500 });
    const viewer = new FedViewer(stage.feed);
    fill(stage, viewer);
    stage.publication.end();
    const next = new FeedStage({ codec: 'h264' });
    const publication = stage.publish();
    for (const message of [...next.next(), ...next.next()]) {
      expect(publication.take(message)).toBeUndefined();
    }
    expect(viewer.pictures.slice(-2)).toEqual([0, 1]);
    expect(viewer.feed.painted(501)).toBe(true);
    expect(viewer.feed.painted(1)).toBe(true);
  });
});

describe('the report', () => {
  test('[MEDIA-14] each second the publisher hears how long pictures took, and what was left out', () => {
    const stage = new FeedStage({ rows: 1 });
    const viewers = Array.from({ length: 4 }, () => new FedViewer(stage.feed));
    stage.show();
    for (const [index, viewer] of viewers.entries()) {
      vi.advanceTimersByTime(10);
      if (index < 3) viewer.paint();
    }
    for (let count = 0; count < 14; count += 1) {
      stage.show();
      for (const viewer of viewers.slice(0, 3)) viewer.paint();
    }
    vi.advanceTimersByTime(960);
    expect(stage.heard('media/report')).toMatchObject([
      { report: { viewers: 4, skippedMedian: 0, skippedUpper: 0.4 } },
    ]);
    vi.advanceTimersByTime(1_000);
    expect(stage.heard('media/report').at(-1)).toEqual({
      type: 'media/report',
      report: {
        viewers: 4,
        paintedMedianMs: 0,
        paintedUpperMs: 0,
        skippedMedian: 0,
        skippedUpper: 0,
      },
    });
  });
});
