import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SoundBuffer } from '../../../../web/core/stripes/sound-buffer.ts';
import { runs } from '../../../support/fuzz/runs.ts';

const PACKET = 960;
const QUANTUM = 128;
const MS = 48;

/** Plays a tone that comes in packets of 20 ms, `lateMs` after their time, for `seconds`. */
function play(
  buffer: SoundBuffer,
  {
    seconds,
    lateMs = () => 0,
    drift = 0,
    skewMs = () => null,
  }: {
    readonly seconds: number;
    readonly lateMs?: (packet: number) => number;
    /** The sender's clock is faster by this share. */
    readonly drift?: number;
    readonly skewMs?: (heardMs: number, capturedMs: number) => number | null;
  },
): { readonly depths: number[]; readonly heard: Float32Array; readonly positions: number[] } {
  const total = Math.floor((seconds * 48_000) / QUANTUM);
  const heard = new Float32Array(total * QUANTUM);
  const depths: number[] = [];
  const positions: number[] = [];
  let packet = 0;
  let comesAt = 0;
  for (let n = 0; n < total; n += 1) {
    const now = n * QUANTUM;
    while (comesAt <= now) {
      buffer.push(aPacket(packet));
      packet += 1;
      const due = (packet * PACKET) / (1 + drift) + lateMs(packet) * MS;
      // One connection: nothing overtakes.
      comesAt = Math.max(comesAt, due);
    }
    const left = heard.subarray(now, now + QUANTUM);
    buffer.pull(left, new Float32Array(QUANTUM));
    const { depthMs, capturedAtUs } = buffer.standing;
    depths.push(depthMs);
    if (capturedAtUs === null) continue;
    positions.push(capturedAtUs);
    buffer.steer(skewMs(now / MS, capturedAtUs / 1000));
  }
  return { depths, heard, positions };
}

function aPacket(n: number) {
  const samples = Float32Array.from({ length: PACKET }, (_, at) =>
    Math.sin(((n * PACKET + at) * 2 * Math.PI * 440) / 48_000),
  );
  return { capturedAtUs: n * 20_000, left: samples, right: samples };
}

const last = (values: readonly number[], count: number): readonly number[] => values.slice(-count);

describe('the jitter buffer of sound', () => {
  test('[MEDIA-83] even packets are played without a gap, a few packets late', () => {
    const buffer = new SoundBuffer();
    const { depths, heard } = play(buffer, { seconds: 5 });
    expect(buffer.standing.underruns).toBe(0);
    expect(Math.max(...last(depths, 1_000))).toBeLessThan(60);
    // A second of the tone has no silence in it: half its samples are louder than 0.7.
    const second = heard.subarray(-48_000);
    const loud = second.filter((sample) => Math.abs(sample) > 0.7).length;
    expect(loud / second.length).toBeGreaterThan(0.48);
  });

  test('[MEDIA-83] it knows which moment is being heard', () => {
    const { positions, depths } = play(new SoundBuffer(), { seconds: 3 });
    const pushedMs = 3_000;
    const newest = (positions.at(-1) ?? 0) / 1000 + (depths.at(-1) ?? 0);
    expect(newest).toBeGreaterThan(pushedMs - 21);
    expect(newest).toBeLessThan(pushedMs + 21);
  });

  test('[MEDIA-84] a path that hesitates gets more room, and gives it back when it is calm', () => {
    const buffer = new SoundBuffer();
    play(buffer, { seconds: 20, lateMs: (n) => (n % 50 === 0 ? 90 : 0) });
    const { underruns } = buffer.standing;
    expect(underruns).toBeGreaterThan(0);
    const { depths } = play(buffer, { seconds: 20, lateMs: (n) => (n % 50 === 0 ? 90 : 0) });
    expect(buffer.standing.underruns - underruns).toBeLessThan(underruns + 2);
    const room = Math.max(...last(depths, 400));
    const calm = play(buffer, { seconds: 120 });
    expect(Math.max(...last(calm.depths, 400))).toBeLessThan(room - 20);
  });

  test.each([2_000, -2_000])(
    '[MEDIA-84] clocks that differ by %d ppm lead to no gap and no delay',
    (ppm) => {
      const buffer = new SoundBuffer();
      const { depths } = play(buffer, { seconds: 60, drift: ppm / 1e6 });
      expect(buffer.standing.underruns).toBeLessThan(2);
      expect(Math.max(...last(depths, 5_000))).toBeLessThan(80);
      // 120 ms by then: played faster or slower, not left out.
      expect(buffer.standing.skippedMs).toBeLessThan(60);
    },
  );

  test.each([
    ['late', 200, 3],
    ['early', -200, 30],
  ] as const)(
    '[MEDIA-84] sound that is too %s for its picture comes within 80 ms of it',
    (_, offset, seconds) => {
      const buffer = new SoundBuffer();
      // Beyond the buffer itself, `offset` comes on top: a slow output, or a slow picture.
      play(buffer, { seconds: 2, lateMs: () => 0 });
      for (let n = 0; n < 12; n += 1) buffer.push(aPacket(100 + n));
      let skew = 0;
      play(buffer, {
        seconds,
        skewMs: () => (skew = buffer.standing.depthMs + (offset > 0 ? 30 : offset)),
      });
      expect(Math.abs(skew)).toBeLessThanOrEqual(80);
    },
  );

  test('[MEDIA-84] a loudspeaker that is slow costs no gap: the path keeps what it needs', () => {
    const buffer = new SoundBuffer();
    const lateMs = (n: number): number => (n % 7 === 0 ? 25 : 0);
    play(buffer, { seconds: 20, lateMs });
    const { underruns } = buffer.standing;
    const { depths } = play(buffer, { seconds: 20, lateMs, skewMs: () => 250 });
    expect(buffer.standing.underruns - underruns).toBeLessThan(2);
    expect(Math.max(...last(depths, 1_000))).toBeLessThan(80);
  });

  test('[MEDIA-84] sound that nobody plays does not gather', () => {
    const buffer = new SoundBuffer();
    for (let n = 0; n < 500; n += 1) buffer.push(aPacket(n));
    expect(buffer.standing.depthMs).toBeLessThan(500);
    const { positions } = play(buffer, { seconds: 0.1 });
    expect(positions[0]).toBeGreaterThan(0);
  });

  test('[MEDIA-84] whatever comes whenever: no sample beyond what came, none that is no number', () => {
    const step = fc.record({
      packets: fc.integer({ min: 0, max: 6 }),
      size: fc.integer({ min: 1, max: 2_880 }),
      pulls: fc.integer({ min: 0, max: 40 }),
      skewMs: fc.option(fc.integer({ min: -2_000, max: 2_000 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const buffer = new SoundBuffer();
        let at = 0;
        for (const { packets, size, pulls, skewMs } of steps) {
          for (let n = 0; n < packets; n += 1) {
            const samples = Float32Array.from(
              { length: size },
              (_, i) => Math.sin((at + i) / 9) / 2,
            );
            buffer.push({ capturedAtUs: (at * 1000) / MS, left: samples, right: samples });
            at += size;
          }
          buffer.steer(skewMs);
          for (let n = 0; n < pulls; n += 1) {
            const [left, right] = [new Float32Array(QUANTUM), new Float32Array(QUANTUM)];
            buffer.pull(left, right);
            expect(left.every((sample) => Math.abs(sample) <= 0.5)).toBe(true);
            expect(right).toEqual(left);
            expect(buffer.standing.depthMs).toBeGreaterThanOrEqual(0);
            expect(buffer.standing.depthMs).toBeLessThanOrEqual(500);
          }
        }
      }),
      runs(100),
    );
  });
});
