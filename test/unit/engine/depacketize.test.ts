import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pictures } from '../../../srs/embedded/dvr/depacketize/pictures.ts';
import type { TakenPacket } from '../../../srs/embedded/dvr/packet-batch.ts';
import type { RecordedVideo } from '../../../srs/embedded/dvr/recorder-messages.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { CODED } from '../../support/recording/coded-pictures.ts';

const CODECS = ['H264', 'VP8', 'VP9', 'AV1'] as const;
/** What a picture may grow by: parameter sets, lengths of units, an index of frames. */
const MOST_ADDED = 2;

/** Packets of one picture. */
const packets = (payloads: readonly Buffer[], timestamp: number): TakenPacket[] =>
  payloads.map((payload, index) => ({
    ...{ track: 1, sequence: timestamp + index, timestamp, atMs: timestamp / 90 },
    ...{ marker: index === payloads.length - 1, payload },
  }));

const pushed = (pictures: Pictures, all: readonly (TakenPacket | null)[]) =>
  all.flatMap((packet) => [...pictures.push(packet)]);

test.each(CODECS)('[REC-92] pictures of %s come out whole, with their size', (codec) => {
  const pictures = new Pictures(codec);
  const { key, other } = CODED[codec];
  expect(pushed(pictures, packets(other, 0))).toEqual([]);
  expect(pictures.needsKeyframe).toBe(true);
  const frames = [3000, 6000].flatMap((at, n) => pushed(pictures, packets(n ? other : key, at)));
  expect(frames.map(({ timestamp }) => timestamp)).toEqual([3000, 6000]);
  expect(frames[0]?.picture).toMatchObject({ width: 640, height: 360 });
  expect(frames[1]?.picture).toBeNull();
  expect(pictures.needsKeyframe).toBe(false);
});

test.each(CODECS)(
  '[REC-92] of %s nothing hangs on a lost packet, and nothing before the next key frame comes out',
  (codec) => {
    const { key, other } = CODED[codec];
    for (const lost of key.keys()) {
      const pictures = new Pictures(codec);
      const cut = packets(key, 0).map((packet, at) => (at === lost ? null : packet));
      expect(pushed(pictures, cut), `packet ${lost}`).toEqual([]);
      expect(pushed(pictures, packets(other, 3000))).toEqual([]);
      expect(pictures.needsKeyframe).toBe(true);
      expect(pushed(pictures, packets(key, 6000))).toHaveLength(1);
      expect(pictures.needsKeyframe).toBe(false);
    }
  },
);

test.each(CODECS)('[REC-92] a picture of %s without an end is given up', (codec) => {
  const pictures = new Pictures(codec);
  const [first = Buffer.alloc(0), ...rest] = CODED[codec].key;
  const filling = Buffer.concat([rest[0] ?? first, Buffer.alloc(60_000, 0x55)]);
  const endless = packets([first, ...Array.from({ length: 300 }, () => filling), ...rest], 0);
  expect(pushed(pictures, endless)).toEqual([]);
  expect(pushed(pictures, packets(CODED[codec].key, 3000))).toHaveLength(1);
});

test('[REC-92] of AV1 delimiters and padding are left out, and a key frame has its sequence header', () => {
  const [first = Buffer.alloc(0), rest = Buffer.alloc(0)] = CODED.AV1.key;
  const [whole] = pushed(new Pictures('AV1'), packets([first, rest], 0));
  // W = 2: a delimiter and padding, each an OBU without its size.
  const idle = Buffer.from([0x20, 0x01, 0x10, 0x78, 0xff]);
  const pictures = new Pictures('AV1');
  const [padded] = pushed(pictures, packets([idle, first, rest], 0));
  expect(padded?.data).toEqual(whole?.data);
  // W = 1, goes on: the frame alone.
  const frame = Buffer.concat([Buffer.from([0x50]), first.subarray(2 + (first[1] ?? 0))]);
  const [bare] = pushed(pictures, packets([frame, rest], 3000));
  expect(bare?.data).toEqual(whole?.data);
  expect(pushed(new Pictures('AV1'), packets([frame, rest], 0))).toEqual([]);
});

test('[REC-92] of AV1 what goes on from nothing is no picture', () => {
  const pictures = new Pictures('AV1');
  expect(pushed(pictures, packets(CODED.AV1.key, 0))).toHaveLength(1);
  const [, rest = Buffer.alloc(0)] = CODED.AV1.key;
  const [other = Buffer.alloc(0)] = CODED.AV1.other;
  expect(pushed(pictures, packets([rest, other], 3000))).toEqual([]);
  expect(pictures.needsKeyframe).toBe(true);
});

/** Any bytes, or a true payload with some of them changed, cut or repeated. */
const hostile = (codec: RecordedVideo): fc.Arbitrary<Buffer> => {
  const known = [...CODED[codec].key, ...CODED[codec].other];
  const changed = fc
    .record({
      payload: fc.constantFrom(...known),
      edits: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      cut: fc.option(fc.nat(), { nil: undefined }),
      more: fc.uint8Array({ maxLength: 20 }),
    })
    .map(({ payload, edits, cut, more }) => {
      const bytes = Buffer.concat([payload, more]);
      for (const [at, value] of edits) bytes[at % Math.min(bytes.length, 24)] = value;
      return cut === undefined ? bytes : bytes.subarray(0, cut % (bytes.length + 1));
    });
  return fc.oneof(
    changed,
    fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  );
};

test.each(CODECS)('[REC-92] no packet of %s breaks its recording', (codec) => {
  const packet = fc.record({
    payload: hostile(codec),
    marker: fc.boolean(),
    step: fc.constantFrom(0, 0, 0, 3000),
    lost: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 24 }), (given) => {
      const pictures = new Pictures(codec);
      let [timestamp, bytes] = [0, 0];
      for (const { payload, marker, step, lost } of given) {
        timestamp += step;
        bytes += payload.length + 4 * payload.length;
        const [next] = packets([payload], timestamp);
        const frames = pushed(pictures, [lost || next === undefined ? null : { ...next, marker }]);
        for (const { data, picture } of frames) {
          expect(data.length).toBeLessThanOrEqual(MOST_ADDED * bytes + 128);
          if (picture === null) continue;
          expect(picture.width).toBeGreaterThan(0);
          expect(picture.height).toBeGreaterThan(0);
        }
      }
      // It goes on with the next key frame.
      expect(pushed(pictures, packets(CODED[codec].key, timestamp + 3000)).at(-1)?.picture).toEqual(
        expect.objectContaining({ width: 640, height: 360 }),
      );
    }),
    runs(1_000),
  );
});
