import type { RecordedVideo } from '../../../srs/embedded/dvr/recorder-messages.ts';

/** Payloads of a picture of 640x360 as they come in packets, with the headers that a decoder reads. */
export interface CodedPicture {
  readonly key: readonly Buffer[];
  readonly other: readonly Buffer[];
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const body = (length: number): Buffer => Buffer.alloc(length, 0x55);

/** A number of bits as text. */
const bits = (value: number, count: number): string => value.toString(2).padStart(count, '0');

function packed(...fields: readonly string[]): Buffer {
  const text = fields.join('');
  return Buffer.from(
    (text.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)),
  );
}

const SPS = hex('67 42 c0 1e d9 00 a0 2f f9 70 11 00 00 03 00 01 00 00 03 00 32 0f 16 2e 48');
const PPS = hex('68 cb 83 cb 20');
const inAggregate = (unit: Buffer): Buffer => Buffer.concat([Buffer.from([0, unit.length]), unit]);

/** VP9 §6.2: profile 0, a key frame that is shown, sync code, colours, sizes less one. */
const VP9_KEY = packed(
  ...['10', '00', '0', '0', '1', '0', bits(0x498342, 24)],
  ...['010', '0', bits(639, 16), bits(359, 16)],
);

/** AV1 §5.5, reduced: profile 0, level 3.0, sizes of ten bits less one, tools, colours. */
const AV1_SEQUENCE = Buffer.concat([
  Buffer.from([1 << 3]),
  packed(
    ...['000', '1', '1', bits(4, 5), bits(9, 4), bits(9, 4), bits(639, 10), bits(359, 10)],
    ...['000', '000', '0', '0', '0', '0', '00', '0', '0', '1'],
  ),
]);
const av1 = (header: number, ...units: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([header | (units.length << 4)]),
    ...units.flatMap((unit, at) =>
      at === units.length - 1 ? [unit] : [Buffer.from([unit.length]), unit],
    ),
  ]);

export const CODED: Readonly<Record<RecordedVideo, CodedPicture>> = {
  H264: {
    key: [
      Buffer.concat([hex('78'), inAggregate(SPS), inAggregate(PPS)]),
      Buffer.concat([hex('7c 85'), body(60)]),
      Buffer.concat([hex('7c 05'), body(60)]),
      Buffer.concat([hex('7c 45'), body(20)]),
    ],
    other: [Buffer.concat([hex('41'), body(40)])],
  },
  VP8: {
    key: [
      Buffer.concat([hex('90 80 81 23 10 00 00 9d 01 2a 80 02 68 01'), body(60)]),
      Buffer.concat([hex('80 80 81 23'), body(40)]),
    ],
    other: [Buffer.concat([hex('90 80 81 24 11'), body(40)])],
  },
  VP9: {
    key: [
      Buffer.concat([hex('8a 81 23 18 02 80 01 68 01 00'), VP9_KEY, body(60)]),
      Buffer.concat([hex('84 81 23'), body(40)]),
    ],
    other: [Buffer.concat([hex('cc 81 24'), hex('86'), body(40)])],
  },
  AV1: {
    key: [av1(0x48, AV1_SEQUENCE, Buffer.concat([hex('30 10'), body(60)])), av1(0x80, body(40))],
    other: [av1(0x00, Buffer.concat([hex('30 30'), body(40)]))],
  },
};
