import { expect, test } from 'vitest';

import type { Codec } from '../../../srs/embedded/rtc/codec.ts';
import { Egress } from '../../../srs/embedded/rtc/egress.ts';
import { Output } from '../../../srs/embedded/rtc/output.ts';
import type { Receiver } from '../../../srs/embedded/rtc/receivers.ts';
import { parseRtp, writeHeader } from '../../../srs/embedded/rtc/rtp/header.ts';
import {
  DELAY_HEADER_BYTES,
  openDelayBlock,
  readPlayoutDelay,
  stampPlayoutDelay,
} from '../../../srs/embedded/rtc/rtp/playout-delay.ts';
import { ResendLimit } from '../../../srs/embedded/rtc/rtp/resend-limit.ts';
import type { Shift } from '../../../srs/embedded/rtc/rtp/shift.ts';
import { NO_SHIFT } from '../../../srs/embedded/rtc/rtp/shift.ts';

const KEY = Buffer.from('7c8500', 'hex');
const DELTA = Buffer.from('7c8100', 'hex');
const LATER = Buffer.from('7c4500', 'hex');

/** A viewer that remembers the sequence, payload type and body of what it was sent. */
class FakeReceiver implements Receiver<Output> {
  readonly resendLimit = new ResendLimit(0);
  readonly got: { sequence: number; payloadType: number; body: string; ssrc: number }[] = [];
  readonly #payloadTypes: Partial<Record<Codec, number>>;
  readonly playoutDelayId: number | null;
  frames = 0;
  /** The playout delays that it understood. */
  readonly delays: (number | null)[] = [];

  constructor(
    payloadTypes: Partial<Record<Codec, number>> = { H264: 102, VP8: 96 },
    playoutDelayId: number | null = null,
  ) {
    this.#payloadTypes = payloadTypes;
    this.playoutDelayId = playoutDelayId;
  }

  payloadTypeOf(codec: Codec): number | null {
    return this.#payloadTypes[codec] ?? null;
  }

  isFed(): boolean {
    return false;
  }

  join(): Shift {
    return NO_SHIFT;
  }

  send(packet: Buffer): boolean {
    const header = parseRtp(packet);
    const { sequence = 0, payloadType = 0, ssrc = 0, payloadStart = 0 } = header ?? {};
    const id = this.playoutDelayId ?? 5;
    this.delays.push(header === null ? null : readPlayoutDelay(packet, header, id));
    this.got.push({ sequence, payloadType, ssrc, body: packet.toString('hex', payloadStart) });
    return true;
  }

  get bodies(): string[] {
    return this.got.map(({ body }) => body);
  }
}

const aVideoOutput = (codec: Codec = 'H264') => {
  const output = new Output({ kind: 'video', cname: 'c', ssrc: 7 }, new Egress({ now: () => 0 }));
  output.startSource(codec);
  const feed = (sequence: number, payload: Buffer, at: { ts?: number; ms?: number } = {}) => {
    const packet = Buffer.concat([Buffer.alloc(12), payload]);
    const { ts = sequence * 3_000, ms = 0 } = at;
    writeHeader(packet, { marker: false, payloadType: 1, sequence, timestamp: ts, ssrc: 1 });
    const header = parseRtp(packet);
    if (header === null) throw new Error('not a packet');
    return output.ingest(packet, header, { sequence, payloadStart: header.payloadStart }, ms);
  };
  return { output, feed };
};

test('a new viewer waits for a key frame, then gets everything', () => {
  const { output, feed } = aVideoOutput();
  const viewer = new FakeReceiver();
  expect(output.add(viewer, 0)).toBe(true);
  expect(output.awaitsKeyframe).toBe(false);
  feed(1, DELTA);
  expect(output.awaitsKeyframe).toBe(true);
  for (const [sequence, payload] of [
    [2, LATER],
    [3, KEY],
    [4, DELTA],
  ] as const) {
    feed(sequence, payload);
  }
  expect(viewer.bodies).toEqual(['7c8500', '7c8100']);
  expect(viewer.frames).toBe(2);
});

test('a viewer that joins within 500 ms of a key frame is served from the ring', () => {
  const { output, feed } = aVideoOutput();
  feed(1, KEY, { ts: 1, ms: 0 });
  feed(2, LATER, { ts: 1, ms: 0 });
  feed(3, DELTA, { ts: 2, ms: 400 });
  const early = new FakeReceiver();
  expect(output.add(early, 500)).toBe(false);
  expect(early.bodies).toEqual(['7c8500', '7c4500', '7c8100']);
  expect(early.frames).toBe(2);
  const late = new FakeReceiver();
  expect(output.add(late, 501)).toBe(true);
  expect(late.got).toEqual([]);
});

test('a key frame whose first packet is repaired late opens the gate, with what followed it', () => {
  const { output, feed } = aVideoOutput();
  const viewer = new FakeReceiver();
  output.add(viewer, 0);
  feed(1, DELTA);
  feed(3, LATER);
  feed(4, DELTA);
  feed(2, KEY);
  expect(new Set(viewer.bodies)).toEqual(new Set(['7c8500', '7c4500', '7c8100']));
});

test('each viewer sees its own payload type, one SSRC and no gap across sources', () => {
  const { output, feed } = aVideoOutput();
  const chromium = new FakeReceiver({ H264: 102, VP8: 96 });
  const firefox = new FakeReceiver({ H264: 126, VP8: 120 });
  for (const viewer of [chromium, firefox]) output.add(viewer, 0);
  feed(60_000, KEY);
  output.endSource();
  output.startSource('VP8');
  expect(chromium.got).toHaveLength(1);
  feed(9, Buffer.from('1011', 'hex'));
  feed(10, Buffer.from('1010', 'hex'));
  for (const viewer of [chromium, firefox]) {
    const [first, second] = viewer.got;
    // The delta frame before the new source's key frame is one number that nobody gets.
    expect(((second?.sequence ?? 0) - (first?.sequence ?? 0)) & 0xffff).toBe(2);
    expect(second?.ssrc).toBe(first?.ssrc);
  }
  expect(chromium.got.map(({ payloadType }) => payloadType)).toEqual([102, 96]);
  expect(firefox.got.map(({ payloadType }) => payloadType)).toEqual([126, 120]);
});

test('a viewer without the codec of the moment waits for another', () => {
  const { output, feed } = aVideoOutput('VP9');
  const viewer = new FakeReceiver();
  output.add(viewer, 0);
  feed(1, Buffer.from('0c00', 'hex'));
  expect(viewer.got).toEqual([]);
  expect(output.awaitsKeyframe).toBe(false);
  output.startSource('H264');
  feed(1, KEY);
  expect(viewer.bodies).toEqual(['7c8500']);
});

test('duplicates are dropped, repair is within limits and never from before the source', () => {
  const { output, feed } = aVideoOutput();
  const viewer = new FakeReceiver();
  output.add(viewer, 0);
  feed(1, KEY);
  expect(feed(1, KEY)).toBeNull();
  const first = output.last?.sequence ?? 0;
  expect(output.resend(viewer, first, NO_SHIFT, 0)).toBe(true);
  expect(output.resend(viewer, first, NO_SHIFT, 10)).toBe(false);
  expect(output.resend(viewer, first + 1, NO_SHIFT, 10)).toBe(false);
  expect(viewer.got).toHaveLength(2);
  output.startSource('VP8');
  feed(1, Buffer.from('1010', 'hex'));
  expect(output.resend(viewer, first, NO_SHIFT, 200)).toBe(false);
});

test('a viewer that left gets nothing more', () => {
  const { output, feed } = aVideoOutput();
  const [stays, leaves] = [new FakeReceiver(), new FakeReceiver()];
  for (const viewer of [stays, leaves]) output.add(viewer, 0);
  feed(1, KEY);
  output.remove(leaves);
  feed(2, DELTA);
  expect([stays.got.length, leaves.got.length]).toEqual([2, 1]);
});

test('sender reports start with the publisher’s and follow the rewritten time', () => {
  const { output, feed } = aVideoOutput();
  expect(output.report(0)).toBeNull();
  const placed = feed(1, KEY, { ts: 9_000 });
  output.setClock(1_000, 9_000, 0);
  const report = output.report(1_000);
  const timestamp = placed === null ? 0 : placed.packet.readUInt32BE(4);
  expect(((report?.readUInt32BE(16) ?? 0) - timestamp) >>> 0).toBe(90_000);
  output.endSource();
  expect(output.report(2_000)).toBeNull();
});

test('after an interruption viewers wait for a key frame, and what they missed stays missed', () => {
  const { output, feed } = aVideoOutput();
  const viewer = new FakeReceiver();
  output.add(viewer, 0);
  feed(1, KEY);
  feed(2, DELTA);
  expect(output.takeInterruption()).toBe(false);
  output.interrupt();
  expect([output.takeInterruption(), output.takeInterruption()]).toEqual([true, false]);
  expect(output.awaitsKeyframe).toBe(true);
  feed(3, DELTA);
  const third = output.last?.sequence ?? 0;
  expect(output.resend(viewer, third, NO_SHIFT, 0)).toBe(false);
  expect(output.add(new FakeReceiver(), 0)).toBe(true);
  feed(4, KEY);
  feed(5, DELTA);
  expect(viewer.bodies).toEqual(['7c8500', '7c8100', '7c8500', '7c8100']);
  expect(output.awaitsKeyframe).toBe(false);
  expect(output.resend(viewer, third, NO_SHIFT, 0)).toBe(false);
  expect(output.resend(viewer, third + 2, NO_SHIFT, 0)).toBe(true);
});

test('a playout delay goes on under each viewer’s own number, repairs included', () => {
  const { output } = aVideoOutput();
  const knowing = new FakeReceiver({ H264: 102 }, 5);
  const other = new FakeReceiver({ H264: 102 }, 9);
  const unknowing = new FakeReceiver({ H264: 102 });
  for (const viewer of [knowing, other, unknowing]) output.add(viewer, 0);
  [KEY, DELTA].forEach((payload, sequence) => {
    const packet = Buffer.concat([Buffer.alloc(DELAY_HEADER_BYTES), payload]);
    writeHeader(packet, { marker: true, payloadType: 1, sequence, timestamp: sequence, ssrc: 1 });
    openDelayBlock(packet);
    stampPlayoutDelay(packet, 3, 0x001_00a);
    const header = parseRtp(packet);
    if (header === null) throw new Error('not a packet');
    const playoutDelay = readPlayoutDelay(packet, header, 3);
    output.ingest(packet, header, { sequence, payloadStart: header.payloadStart, playoutDelay }, 0);
  });
  const newest = output.last?.sequence ?? 0;
  for (const viewer of [knowing, unknowing]) output.resend(viewer, newest, NO_SHIFT, 0);
  expect(knowing.delays).toEqual([0x001_00a, 0x001_00a, 0x001_00a]);
  expect(other.delays).toEqual([0x001_00a, 0x001_00a]);
  expect(unknowing.delays).toEqual([null, null, null]);
  expect(unknowing.bodies).toEqual(['7c8500', '7c8100', '7c8100']);
  expect(knowing.got.every(({ payloadType }) => payloadType === 102)).toBe(true);
});
