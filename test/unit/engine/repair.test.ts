import { expect, test } from 'vitest';

import { NackList } from '../../../srs/embedded/rtc/rtp/nack-list.ts';
import { PacketRing } from '../../../srs/embedded/rtc/rtp/packet-ring.ts';
import { PliThrottle } from '../../../srs/embedded/rtc/rtp/pli-throttle.ts';
import { ResendLimit } from '../../../srs/embedded/rtc/rtp/resend-limit.ts';
import { NO_SHIFT } from '../../../srs/embedded/rtc/rtp/shift.ts';

test('a gap is asked for at once, again each 40 ms, and given up after eight times', () => {
  const list = new NackList();
  expect(list.arrived(100, 0)).toEqual([]);
  expect(list.arrived(103, 0)).toEqual([101, 102]);
  expect(list.due(39)).toEqual([]);
  expect(list.due(40)).toEqual([101, 102]);
  expect(list.arrived(101, 41)).toEqual([]);
  let asked = 2;
  for (let nowMs = 80; nowMs < 900; nowMs += 40) asked += list.due(nowMs).length;
  expect(asked).toBe(8);
  expect(list.size).toBe(0);
});

test('what is a second old is forgotten, a gap above 300 needs a key frame', () => {
  const list = new NackList();
  list.arrived(1, 0);
  list.arrived(3, 0);
  expect(list.due(1_001)).toEqual([]);
  expect(list.arrived(304, 1_002)).toHaveLength(300);
  expect(list.arrived(606, 1_003)).toBeNull();
  expect(list.size).toBe(0);
});

test('on a slow way a packet is asked for again only after as long as repairs take', () => {
  const list = new NackList();
  let sequence = 0;
  list.arrived(sequence, 0);
  // Repairs that each come 200 ms after the request: a full queue lies between.
  for (let nowMs = 0; nowMs < 20_000; nowMs += 1000) {
    sequence += 2;
    list.arrived(sequence, nowMs);
    list.arrived(sequence - 1, nowMs + 200);
  }
  list.arrived(sequence + 2, 30_000);
  expect(list.due(30_150)).toEqual([]);
  expect(list.due(30_260)).toEqual([sequence + 1]);
});

test('a late packet is no gap', () => {
  const list = new NackList();
  list.arrived(10, 0);
  expect(list.arrived(8, 0)).toEqual([]);
  expect(list.size).toBe(0);
});

const entry = (sequence: number) => ({
  sequence,
  timestamp: 0,
  packet: Buffer.from([0x80, 0, sequence & 0xff]),
  picture: null,
  shift: NO_SHIFT,
  startsFrame: false,
  startsKeyframe: false,
  playoutDelay: null,
});

test('the ring finds by 16 bits, refuses duplicates, and forgets what SRTP would refuse', () => {
  const ring = new PacketRing(1000);
  expect(ring.find(5)).toBeNull();
  for (let sequence = 65_000; sequence < 66_500; sequence += 1) ring.put(entry(sequence));
  expect(ring.find(66_499 & 0xffff)?.sequence).toBe(66_499);
  expect(ring.find(65_500)?.sequence).toBe(65_500);
  expect(ring.find(65_499)).toBeNull();
  expect(ring.find(66_500 & 0xffff)).toBeNull();
  expect(ring.put(entry(66_000))).toBe(false);
  expect(ring.put(entry(65_499))).toBe(false);
});

test('a hole in the ring is a hole, and its late packet is taken', () => {
  const ring = new PacketRing(1000);
  ring.put(entry(70_000));
  ring.put(entry(70_002));
  expect(ring.get(70_001)).toBeNull();
  expect(ring.put(entry(70_001))).toBe(true);
  expect(ring.newest).toBe(70_002);
});

test('one packet is resent four times at most, 80 ms apart', () => {
  const limit = new ResendLimit(0);
  expect(limit.take(1, 0)).toBe(true);
  expect(limit.take(1, 79)).toBe(false);
  expect([80, 160, 240].map((nowMs) => limit.take(1, nowMs))).toEqual([true, true, true]);
  expect(limit.take(1, 5_000)).toBe(false);
});

test('a viewer gets 150 repairs at once and 150 a second after that', () => {
  const limit = new ResendLimit(0);
  const taken = (from: number, nowMs: number) =>
    Array.from({ length: 400 }, (_, index) => limit.take(from + index, nowMs)).filter(Boolean)
      .length;
  expect(taken(0, 0)).toBe(150);
  expect(taken(1_000, 500)).toBe(75);
  expect(taken(2_000, 60_000)).toBe(150);
});

test('key frame requests are one per 500 ms, the last wish is kept', () => {
  const throttle = new PliThrottle();
  expect(throttle.request(1_000)).toBe(true);
  expect(throttle.request(1_100)).toBe(false);
  expect(throttle.due(1_499)).toBe(false);
  expect(throttle.due(1_500)).toBe(true);
  expect(throttle.due(2_100)).toBe(false);
});

test('a key frame fulfils the kept wish, a new publisher is asked at once', () => {
  const throttle = new PliThrottle();
  throttle.request(0);
  throttle.request(10);
  throttle.satisfied();
  expect(throttle.due(600)).toBe(false);
  throttle.request(700);
  throttle.reset();
  expect(throttle.request(701)).toBe(true);
});
