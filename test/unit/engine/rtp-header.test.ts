import { expect, test } from 'vitest';

import {
  isRtcp,
  parseRtp,
  readExtension16,
  sequenceDelta,
  writeHeader,
} from '../../../srs/embedded/rtc/rtp/header.ts';
import { SequenceUnwrapper } from '../../../srs/embedded/rtc/rtp/sequence-unwrapper.ts';

/** Version 2, one CSRC, one-byte extensions {1: 1 byte, pad, 3: 0x1234}, 3 payload and 2 padding bytes. */
const FULL = Buffer.from(
  'b1e60007000000640000002a' +
    '00000001' +
    'bede0002' +
    '10aa0031' +
    '12340000' +
    '010203' +
    '0002',
  'hex',
);

test('the bounds of payload and extensions leave out CSRC and padding', () => {
  const header = parseRtp(FULL);
  expect(header).toMatchObject({
    marker: true,
    payloadType: 102,
    sequence: 7,
    timestamp: 100,
    ssrc: 42,
  });
  expect(FULL.subarray(header?.payloadStart, header?.payloadEnd).toString('hex')).toBe('010203');
});

test('a 16-bit extension is found behind others, in both forms of RFC 8285', () => {
  const header = parseRtp(FULL);
  expect(header && readExtension16(FULL, header, 3)).toBe(0x1234);
  expect(header && readExtension16(FULL, header, 1)).toBeNull();
  expect(header && readExtension16(FULL, header, 9)).toBeNull();
  const twoByte = Buffer.from(
    '90e600070000006400000 02a'.replace(' ', '') + '10000002' + '01000302' + 'abcd0000',
    'hex',
  );
  const second = parseRtp(twoByte);
  expect(second && readExtension16(twoByte, second, 3)).toBe(0xabcd);
});

test('bytes that contradict themselves are no packet', () => {
  expect(parseRtp(FULL.subarray(0, 11))).toBeNull();
  expect(parseRtp(Buffer.from('40e600070000006400000 02a'.replace(' ', ''), 'hex'))).toBeNull();
  // An extension longer than the packet, then padding longer than the payload.
  expect(parseRtp(Buffer.from('90e60007000000640000002abedeffff', 'hex'))).toBeNull();
  expect(parseRtp(Buffer.from('a0e60007000000640000002a01ff', 'hex'))).toBeNull();
  const broken = Buffer.from('90e60007000000640000002abede00013f123400', 'hex');
  const header = parseRtp(broken);
  expect(header && readExtension16(broken, header, 3)).toBeNull();
});

test('RTCP is told apart by its second byte', () => {
  expect(isRtcp(Buffer.from([0x80, 200]))).toBe(true);
  expect(isRtcp(Buffer.from([0x80, 0x80 | 102]))).toBe(false);
  expect(isRtcp(Buffer.alloc(0))).toBe(false);
});

test('a written header reads back', () => {
  const packet = Buffer.alloc(12);
  const header = { marker: true, payloadType: 96, sequence: 65535, timestamp: 0xfffffff0, ssrc: 9 };
  writeHeader(packet, header);
  expect(parseRtp(packet)).toMatchObject(header);
});

test('sequence distance and unwrapping survive the turn of the counter', () => {
  expect(sequenceDelta(1, 65535)).toBe(2);
  expect(sequenceDelta(65535, 1)).toBe(-2);
  const unwrapper = new SequenceUnwrapper();
  expect([65534, 65535, 1, 0, 2].map((sequence) => unwrapper.unwrap(sequence) - 0x10000)).toEqual([
    65534, 65535, 65537, 65536, 65538,
  ]);
  expect(unwrapper.newest).toBe(0x10000 + 65538);
});
