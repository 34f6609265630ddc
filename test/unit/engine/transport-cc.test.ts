import { expect, test } from 'vitest';

import { TransportCc } from '../../../srs/embedded/rtc/rtp/transport-cc.ts';

/** Reads feedback as draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1 says. */
const decode = (packet: Buffer) => {
  const base = packet.readUInt16BE(12);
  const count = packet.readUInt16BE(14);
  let at = 20 + 2 * Math.ceil(count / 7);
  let ms = packet.readUIntBE(16, 3) * 64;
  const arrivals = new Map<number, number | null>();
  for (let index = 0; index < count; index += 1) {
    const chunk = packet.readUInt16BE(20 + 2 * Math.floor(index / 7));
    expect(chunk >> 14).toBe(3);
    const symbol = (chunk >> (12 - 2 * (index % 7))) & 3;
    if (symbol === 1) ms += packet.readUInt8(at++) / 4;
    if (symbol === 2) ms += packet.readInt16BE(at) / 4;
    if (symbol === 2) at += 2;
    arrivals.set((base + index) & 0xffff, symbol === 0 ? null : ms);
  }
  expect(packet.length % 4).toBe(0);
  expect(packet.readUInt16BE(2)).toBe(packet.length / 4 - 1);
  const padding = ((packet[0] ?? 0) & 0x20) === 0 ? 0 : packet.readUInt8(packet.length - 1);
  expect(at + padding).toBe(packet.length);
  return { arrivals, count: packet.readUInt8(19) };
};

const gaps = (arrivals: Map<number, number | null>) => {
  const first = [...arrivals.values()][0] ?? 0;
  return [...arrivals].map(([sequence, ms]) => [sequence, ms === null ? null : ms - first]);
};

test('arrivals, holes, disorder and the turn of the counter are reported', () => {
  const log = new TransportCc();
  log.arrived(65_534, 1_000);
  log.arrived(65_535, 1_000.25);
  log.arrived(2, 1_100);
  log.arrived(1, 1_101);
  log.arrived(1, 9_999);
  const [packet] = log.feedback(1, 2);
  expect(packet?.toString('hex', 0, 2)).toBe('8fcd');
  expect(gaps(decode(packet ?? Buffer.alloc(0)).arrivals)).toEqual([
    [65_534, 0],
    [65_535, 0.25],
    [0, null],
    [1, 101],
    [2, 100],
  ]);
  expect(log.feedback(1, 2)).toEqual([]);
});

test('feedback is counted, and a late packet is told together with what followed it', () => {
  const log = new TransportCc();
  for (const sequence of [10, 12]) log.arrived(sequence, 1_000);
  const first = decode(log.feedback(1, 2)[0] ?? Buffer.alloc(0));
  log.arrived(11, 1_020);
  log.arrived(13, 1_030);
  const second = decode(log.feedback(1, 2)[0] ?? Buffer.alloc(0));
  expect(gaps(second.arrivals)).toEqual([
    [11, 0],
    [12, -20],
    [13, 10],
  ]);
  expect([first.count, second.count]).toEqual([0, 1]);
});

test('wide holes, long pauses and many packets are split, not cut', () => {
  const log = new TransportCc();
  log.arrived(0, 0);
  log.arrived(1_000, 10);
  log.arrived(1_001, 20_000);
  expect(log.feedback(1, 2).map((packet) => packet.readUInt16BE(12))).toEqual([0, 1_000, 1_001]);
  for (let sequence = 2_000; sequence < 4_000; sequence += 1)
    log.arrived(sequence, sequence + 20_000);
  const packets = log.feedback(1, 2);
  const reported = packets.flatMap((packet) => [...decode(packet).arrivals.keys()]);
  expect(reported).toEqual(Array.from({ length: 2_000 }, (_, index) => 2_000 + index));
});
