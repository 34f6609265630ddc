import { describe, expect, it } from 'vitest';
import { automaticBitrateBps } from '../../../web/core/bitrate-choice.ts';
import { readPublishStats } from '../../../web/core/publish-stats.ts';
import { readWatchStats } from '../../../web/core/watch-stats.ts';

const aReport = (...entries: Record<string, unknown>[]) =>
  new Map(entries.map((entry, place) => [String(place), { id: String(place), ...entry }]));

describe('readPublishStats', () => {
  const report = (bytesSent: number) =>
    aReport(
      {
        type: 'outbound-rtp',
        kind: 'video',
        bytesSent,
        codecId: '1',
        remoteId: '2',
        frameWidth: 1280,
        frameHeight: 720,
        framesPerSecond: 30,
        qualityLimitationReason: 'cpu',
      },
      { type: 'codec', mimeType: 'video/H264' },
      { type: 'remote-inbound-rtp', kind: 'video', roundTripTime: 0.02, fractionLost: 0.01 },
    );

  it('computes the bitrate between two readings', () => {
    const first = readPublishStats(report(1000), null, 0);
    expect(first.bitrateBps).toBeNull();
    expect(readPublishStats(report(126_000), first, 1000)).toMatchObject({
      bitrateBps: 1_000_000,
      videoCodec: 'H264',
      limitation: 'cpu',
      roundTripMs: 20,
      lossFraction: 0.01,
      width: 1280,
    });
  });

  it('adds several sizes up, and shows the largest that is sent', () => {
    const layer = (frameWidth: number, framesPerSecond: number) => ({
      type: 'outbound-rtp',
      kind: 'video',
      bytesSent: 1000,
      frameWidth,
      framesPerSecond,
    });
    const stats = readPublishStats(
      aReport(layer(320, 30), layer(640, 29), layer(1280, 0)),
      null,
      0,
    );
    expect(stats).toMatchObject({ bytesSent: 3000, width: 640, framesPerSecond: 29 });
  });

  it('makes no negative bitrate out of a new connection', () => {
    const before = readPublishStats(report(126_000), null, 0);
    expect(readPublishStats(report(10), before, 1000).bitrateBps).toBeNull();
  });

  it('reads an empty report as unknown', () => {
    expect(readPublishStats(new Map(), null, 0)).toMatchObject({ width: null, roundTripMs: null });
  });
});

describe('readWatchStats', () => {
  const report = (over: Record<string, unknown>) =>
    aReport(
      {
        type: 'inbound-rtp',
        kind: 'video',
        framesDecoded: 30,
        jitterBufferDelay: 1,
        jitterBufferEmittedCount: 30,
        ...over,
      },
      { type: 'inbound-rtp', kind: 'audio', packetsReceived: 50 },
      { type: 'candidate-pair', state: 'succeeded', currentRoundTripTime: 0.01 },
    );

  it('averages the jitter buffer since the reading before', () => {
    const first = readWatchStats(report({}), null, 0);
    const second = readWatchStats(
      report({ jitterBufferDelay: 1.6, jitterBufferEmittedCount: 60 }),
      first,
      1000,
    );
    expect(second.jitterBufferMs).toBeCloseTo(20);
    expect(second.latencyMs).toBeCloseTo(30);
    expect(first.progress).toBe(80);
  });

  it("prefers the sender's clock, unless it is nonsense", () => {
    const nowMs = 1_800_000_000_000;
    const playout = (agoMs: number) =>
      readWatchStats(
        report({ estimatedPlayoutTimestamp: nowMs - agoMs + 2_208_988_800_000 }),
        null,
        nowMs,
      ).latencyMs;
    expect(playout(45)).toBeCloseTo(45);
    expect(playout(-3_600_000)).toBeCloseTo(1000 / 30 + 10);
  });
});

describe('automaticBitrateBps', () => {
  it('grows with the picture and stays within sane bounds', () => {
    const at = (width: number, height: number, framesPerSecond: number) =>
      automaticBitrateBps({ width, height, framesPerSecond, hint: 'detail' });
    expect(at(320, 180, 5)).toBe(800_000);
    expect(at(1920, 1080, 30)).toBeGreaterThan(at(1280, 720, 30));
    expect(at(7680, 4320, 60)).toBe(12_000_000);
  });
});
