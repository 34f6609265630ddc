import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readRtcp } from '../../../srs/embedded/rtc/rtp/rtcp-read.ts';
import {
  writeNack,
  writePli,
  writeReceiverReport,
  writeRemb,
  writeSenderReport,
} from '../../../srs/embedded/rtc/rtp/rtcp-write.ts';

const REPORT = {
  ssrc: 0x11223344,
  ntpMs: 3_900_000_000_500,
  rtp: 0xdeadbeef,
  packets: 10,
  octets: 1000,
  cname: 'room',
};

test('a compound is read in order, strangers in it are skipped', () => {
  const block = {
    ssrc: 1,
    fractionLost: 0,
    lost: -3,
    highestSequence: 7,
    jitter: 0,
    lastReport: 0,
    sinceLastReport: 0,
  };
  const compound = Buffer.concat([
    writeReceiverReport(1, [block]),
    writeSenderReport(REPORT),
    writePli(1, 2),
    writeRemb(1, 3_000_000, [2]),
    writeNack(1, 2, [100, 101, 117]),
  ]);
  expect(readRtcp(compound).map(({ type }) => type)).toEqual([
    'reception',
    'sender-report',
    'pli',
    'estimate',
    'nack',
  ]);
});

test('a sender report keeps its instant to a millisecond and its LSR bits', () => {
  const [report] = readRtcp(writeSenderReport(REPORT));
  expect(report).toMatchObject({ type: 'sender-report', ssrc: REPORT.ssrc, rtp: REPORT.rtp });
  expect(report?.type === 'sender-report' && report.ntpMs).toBeCloseTo(REPORT.ntpMs, 3);
  // 3,900,000,000 s = 0xe8754700; half a second is 0x8000.
  expect(report?.type === 'sender-report' && report.compactNtp.toString(16)).toBe('47008000');
});

test('a NACK packs neighbours into one entry, across the turn of the counter', () => {
  const sequences = [65534, 65535, 0, 14, 15, 300];
  const packet = writeNack(1, 2, sequences);
  expect(packet.length).toBe(12 + 3 * 4);
  expect(readRtcp(packet)).toEqual([{ type: 'nack', ssrc: 2, sequences }]);
});

test('a FIR names its target in the entry', () => {
  const fir = Buffer.from('84ce000400000001000000000000002a01000000', 'hex');
  expect(readRtcp(fir)).toEqual([{ type: 'fir', ssrc: 42 }]);
});

test('REMB carries 18 bits and an exponent', () => {
  const packet = writeRemb(1, 3_000_000, [7]);
  expect(packet.toString('latin1', 12, 16)).toBe('REMB');
  const word = packet.readUInt32BE(16);
  expect(word >>> 24).toBe(1);
  expect((word & 0x3ffff) * 2 ** ((word >>> 18) & 0x3f)).toBeCloseTo(3_000_000, -2);
});

test('a negative loss count is 24 bits of two’s complement', () => {
  const packet = writeReceiverReport(1, [
    {
      ssrc: 5,
      fractionLost: 9,
      lost: -1,
      highestSequence: 0x1_0002,
      jitter: 3,
      lastReport: 4,
      sinceLastReport: 5,
    },
  ]);
  expect(packet.toString('hex')).toBe(
    '81c90007' +
      '00000001' +
      '00000005' +
      '09ffffff' +
      '00010002' +
      '00000003' +
      '00000004' +
      '00000005',
  );
});

test('no bytes make the reader throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readRtcp(Buffer.from(bytes));
    }),
  );
  const pli = writePli(1, 2);
  expect(readRtcp(pli.subarray(0, 11))).toEqual([]);
  // A length field that points behind the end.
  expect(readRtcp(Buffer.from('80c800ff00000001', 'hex'))).toEqual([]);
});

test('[LAYER-02] a REMB is read as it was written, and a report block with its times', () => {
  for (const bps of [0, 150_000, 262_143, 3_000_000, 2 ** 31]) {
    const [item] = readRtcp(writeRemb(1, bps, [2]));
    if (item?.type !== 'estimate') throw new Error('no estimate');
    expect(Math.abs(item.bps - bps)).toBeLessThanOrEqual(bps / 2 ** 17);
  }
  const block = { ssrc: 9, fractionLost: 64, lost: 1, highestSequence: 7, jitter: 0 };
  const report = writeReceiverReport(1, [{ ...block, lastReport: 77, sinceLastReport: 65_536 }]);
  const read = { ssrc: 9, fractionLost: 64, lastReport: 77, sinceLastReport: 65_536 };
  expect(readRtcp(report)).toEqual([{ type: 'reception', ...read }]);
});
