import { expect, test } from 'vitest';

import { Continuity } from '../../../srs/embedded/rtc/rtp/continuity.ts';
import { Reception } from '../../../srs/embedded/rtc/rtp/reception.ts';
import { NTP_EPOCH_MS, NtpShift, SenderClock } from '../../../srs/embedded/rtc/rtp/sender-clock.ts';

const start = () => new Continuity({ clockRate: 90_000, sequence: 1_000 });

test('successive sources continue in number, and in time by the wall clock', () => {
  const continuity = start();
  const first = continuity.place(60_000, 777, 0);
  const second = continuity.place(60_001, 777 + 3_000, 33);
  continuity.restart();
  const third = continuity.place(5, 0xfffffff0, 2_033);
  expect([first, second, third].map((place) => (place?.sequence ?? 0) & 0xffff)).toEqual([
    1_001, 1_002, 1_003,
  ]);
  expect((second?.timestamp ?? 0) - (first?.timestamp ?? 0)).toBe(3_000);
  expect((third?.timestamp ?? 0) - (second?.timestamp ?? 0)).toBe(180_000);
});

test('timestamps are the first source’s own, and those of sources that go on with its clock', () => {
  const continuity = start();
  const at = (sequence: number, timestamp: number, nowMs: number) =>
    continuity.place(sequence, timestamp, nowMs)?.timestamp;
  expect(at(1, 0xffff_0000, 0)).toBe(0xffff_0000);
  continuity.restart();
  // Two seconds later, half a second of them unaccounted for.
  expect(at(1, 0xffff_0000 + 135_000 - 2 ** 32, 2_000)).toBe(0xffff_0000 + 135_000 - 2 ** 32);
  continuity.restart();
  const other = at(1, 7, 3_000) ?? 0;
  expect(other).toBe(0xffff_0000 + 135_000 + 90_000 - 2 ** 32);
  continuity.restart();
  expect(at(1, 7 + 90_000, 4_000)).toBe(other + 90_000);
});

test('a clock that goes back is another one', () => {
  const continuity = start();
  continuity.place(1, 9_000, 0);
  continuity.restart();
  expect(continuity.place(1, 8_000, 100)?.timestamp).toBe(18_000);
});

test('a source keeps its own gaps and order, but nothing from before its first packet', () => {
  const continuity = start();
  const base = continuity.place(65_535, 0, 0)?.sequence ?? 0;
  expect(continuity.place(2, 0, 1)?.sequence).toBe(base + 3);
  expect(continuity.place(0, 0, 2)?.sequence).toBe(base + 1);
  expect(continuity.place(65_534, 0, 3)).toBeNull();
});

test('the clock of a source is known in output terms only while there is one', () => {
  const continuity = start();
  expect(continuity.timestampOf(10)).toBeNull();
  const placed = continuity.place(1, 10, 0);
  expect(continuity.timestampOf(10)).toBe(placed?.timestamp);
});

test('a sender clock runs on from its report', () => {
  const clock = new SenderClock(48_000);
  expect(clock.at(0)).toBeNull();
  clock.update(1_000, 0xffffffff, 50);
  expect(clock.at(150)).toEqual({ ntpMs: 1_100, rtp: 4_799 });
});

test('one shift for both kinds keeps their distance and lands on this machine’s clock', () => {
  const shift = new NtpShift();
  expect(shift.toLocal(42, 1_000)).toBe(1_000 + NTP_EPOCH_MS);
  expect(shift.toLocal(62, 9_999)).toBe(1_020 + NTP_EPOCH_MS);
});

test('a receiver report counts loss per interval and in all', () => {
  const reception = new Reception(7, 90_000);
  expect(reception.block(0)).toBeNull();
  const base = 0x10000 + 100;
  for (const offset of [0, 1, 2, 3, 5, 6, 7, 9]) reception.arrived(base + offset, 0, 0);
  expect(reception.block(0)).toMatchObject({
    ssrc: 7,
    fractionLost: Math.floor((2 * 256) / 10),
    lost: 2,
    highestSequence: 109,
  });
  reception.arrived(base + 10, 0, 0);
  expect(reception.block(0)).toMatchObject({ fractionLost: 0, lost: 2 });
});

test('jitter follows RFC 3550: steady arrival has none, a jump in the timestamps is none', () => {
  const steady = new Reception(7, 90_000);
  for (let frame = 0; frame < 50; frame += 1)
    steady.arrived(0x10000 + frame, frame * 900, frame * 10);
  expect(steady.block(0)?.jitter).toBe(0);
  steady.arrived(0x10000 + 50, 0x80000000, 500);
  expect(steady.block(0)?.jitter).toBe(0);
  steady.arrived(0x10000 + 51, 0x80000000 + 900, 526);
  expect(steady.block(0)?.jitter).toBe(90);
});

test('LSR and DLSR answer the last sender report', () => {
  const reception = new Reception(7, 90_000);
  reception.arrived(0x10000, 0, 0);
  reception.reported(0x12345678, 1_000);
  expect(reception.block(1_500)).toMatchObject({ lastReport: 0x12345678, sinceLastReport: 32_768 });
});
