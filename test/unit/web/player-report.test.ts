import { describe, expect, it } from 'vitest';
import { PlayerReport } from '../../../gateway/protocol/viewer.ts';
import { playerReport, readPlayerCounters } from '../../../web/core/player-report.ts';

type Fields = Readonly<Record<string, unknown>>;

const countersOf = (atMs: number, ...entries: Fields[]) =>
  readPlayerCounters(new Map(entries.map((entry, place) => [String(place), entry])), atMs);

/** A viewer in Chromium 156. */
const chromium = (more: Fields = {}): Fields => ({
  id: 'IT01V1',
  type: 'inbound-rtp',
  kind: 'video',
  packetsReceived: 1_000,
  packetsLost: 4,
  jitter: 0.004,
  framesReceived: 300,
  framesDecoded: 298,
  framesDropped: 2,
  totalDecodeTime: 1.5,
  freezeCount: 1,
  totalFreezesDuration: 0.4,
  ...more,
});

const without = (fields: Fields, ...keys: string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));

/** Firefox 153 counts no freezes. */
const firefox = (more: Fields = {}): Fields => ({
  ...without(chromium(), 'freezeCount', 'totalFreezesDuration'),
  id: '{6dd0…}',
  mediaType: 'video',
  discardedPackets: 0,
  ...more,
});

/** Safari 15: neither received frames nor the time of decoding. */
const safari = (more: Fields = {}): Fields => ({
  ...without(chromium(), 'framesReceived', 'framesDropped', 'totalDecodeTime'),
  id: 'RTCInboundRTPVideoStream_1',
  ...more,
});

const audio = (more: Fields = {}): Fields => ({
  id: 'IT01A2',
  type: 'inbound-rtp',
  kind: 'audio',
  packetsReceived: 500,
  packetsLost: 0,
  jitter: 0.002,
  ...more,
});

describe('playerReport', () => {
  it('has the differences of two readings', () => {
    const report = playerReport(
      countersOf(10_000, audio(), chromium()),
      countersOf(
        12_000,
        audio({ packetsReceived: 600 }),
        chromium({
          packetsReceived: 1_190,
          packetsLost: 14,
          jitter: 0.0125,
          framesReceived: 360,
          framesDecoded: 348,
          framesDropped: 12,
          totalDecodeTime: 2,
          freezeCount: 3,
          totalFreezesDuration: 1.15,
        }),
      ),
    );
    expect(report).toEqual({
      loss: 0.05,
      jitterMs: 12.5,
      framesReceived: 60,
      framesDecoded: 50,
      framesDropped: 10,
      decodeMs: 10,
      freezes: 2,
      freezeMs: 750,
    });
    expect(PlayerReport.parse(report)).toEqual(report);
  });

  it('is there without freezes, as Firefox has it', () => {
    const report = playerReport(
      countersOf(0, firefox()),
      countersOf(2_000, firefox({ packetsReceived: 1_100, framesReceived: 360 })),
    );
    expect(report).toMatchObject({ loss: 0, framesReceived: 60, freezes: 0, freezeMs: 0 });
  });

  it('takes decoded and dropped frames for received ones where a browser counts none', () => {
    const report = playerReport(
      countersOf(0, safari()),
      countersOf(2_000, safari({ packetsReceived: 1_100, framesDecoded: 358 })),
    );
    expect(report).toMatchObject({ framesReceived: 60, framesDecoded: 60, decodeMs: 0 });
  });

  it('is about the sound where there is no picture', () => {
    const report = playerReport(
      countersOf(0, audio()),
      countersOf(2_000, audio({ packetsReceived: 575, packetsLost: 25, jitter: 0.01 })),
    );
    expect(report).toMatchObject({ loss: 0.25, jitterMs: 10, framesReceived: 0, decodeMs: 0 });
  });

  it('counts a packet that comes late after all as neither lost nor found twice', () => {
    const report = playerReport(
      countersOf(0, chromium()),
      countersOf(2_000, chromium({ packetsReceived: 1_100, packetsLost: -3, framesDropped: 0 })),
    );
    expect(report).toMatchObject({ loss: 0, framesDropped: 0 });
  });

  it('tells of an interval in which nothing came', () => {
    const report = playerReport(countersOf(0, chromium()), countersOf(2_000, chromium()));
    expect(report).toMatchObject({ loss: 0, framesReceived: 0, framesDecoded: 0, decodeMs: 0 });
  });

  it.each([
    ['a counter that begins anew', chromium({ packetsReceived: 3 })],
    ['another stream under the same session', chromium({ id: 'IT01V9', packetsReceived: 1_100 })],
  ])('says nothing after %s', (_what, entry) => {
    expect(playerReport(countersOf(0, chromium()), countersOf(2_000, entry))).toBeNull();
  });

  it('says nothing after the machine slept, before the second reading, and without streams', () => {
    const now = countersOf(2_000, chromium({ packetsReceived: 1_100 }));
    expect(playerReport(null, now)).toBeNull();
    expect(playerReport(countersOf(2_000, chromium()), now)).toBeNull();
    expect(playerReport(countersOf(-9_000, chromium()), now)).toBeNull();
    expect(playerReport(now, countersOf(4_000, { id: 'T', type: 'transport' }))).toBeNull();
  });

  it('stays within what the gateway takes, whatever the browser claims', () => {
    const report = playerReport(
      countersOf(0, chromium()),
      countersOf(
        2_000,
        chromium({
          packetsReceived: 1_001,
          jitter: 4e9,
          framesReceived: 9e9,
          framesDecoded: 299,
          framesDropped: 7e8,
          totalDecodeTime: 9e9,
          freezeCount: 9e9,
          totalFreezesDuration: 9e9,
        }),
      ),
    );
    expect(PlayerReport.safeParse(report).success).toBe(true);
  });
});
