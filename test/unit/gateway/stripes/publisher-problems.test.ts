import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mediaKindOf } from '../../../../gateway/protocol/media/media-kind.ts';
import { MAX_STRIPE_BYTES } from '../../../../gateway/protocol/media/media-protocol.ts';
import { readPainted, writePainted } from '../../../../gateway/protocol/media/painted.ts';
import { readSound, writeSound } from '../../../../gateway/protocol/media/sound.ts';
import { readStripe, writeStripe } from '../../../../gateway/protocol/media/stripe.ts';
import { runs } from '../../../support/fuzz/runs.ts';
import { aStripe } from '../../../support/media/a-stripe.ts';
import { FedViewer } from '../../../support/media/fed-viewer.ts';
import { FeedStage } from '../../../support/media/feed-stage.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const flipped = (message: Uint8Array, at: number, value: number): Buffer => {
  const copy = Buffer.from(message);
  copy[at] = value;
  return copy;
};
const h264 = { codec: 'h264', isKey: true } as const;

describe('[MEDIA-16] a publisher that breaks the protocol is told how', () => {
  test.each<[string, readonly Uint8Array[], RegExp]>([
    ['nothing', [Buffer.alloc(0)], /empty/],
    ['another version', [flipped(aStripe(), 0, 0x21)], /version 2/],
    ['an unknown kind', [flipped(aStripe(), 0, 0x1f)], /kind 15/],
    ['a receipt', [writePainted(1)], /from viewers/],
    ['a header alone', [aStripe().subarray(0, 24)], /no content/],
    ['unknown flags', [flipped(aStripe(), 1, 0x81)], /unknown flags/],
    ['an unknown codec', [flipped(aStripe(), 15, 9)], /unknown codec/],
    ['a JPEG delta', [aStripe({ isKey: false })], /no key/],
    ['no picture', [aStripe({ width: 0 })], /impossible size/],
    ['rows outside', [aStripe({ y: 100 })], /outside/],
    ['a large stripe', [aStripe({ bytes: MAX_STRIPE_BYTES })], /too large/],
    ['an early delta', [aStripe({ codec: 'h264', isKey: false })], /without a key/],
    ['a row twice', [aStripe(), aStripe()], /twice/],
    ['another height', [aStripe({ isLast: true }), aStripe({ frame: 1, rows: 32 })], /height/],
    ['another codec', [aStripe({ isLast: true }), aStripe({ frame: 1, ...h264 })], /another codec/],
    ['another layout midway', [aStripe(), aStripe({ y: 64, layout: 2 })], /within a picture/],
    ['what was before', [aStripe({ frame: 5, isLast: true }), aStripe({ frame: 4 })], /later one/],
    ['more of what is complete', [aStripe({ isLast: true }), aStripe({ y: 64 })], /later one/],
    [
      'too many rows',
      Array.from({ length: 65 }, (_, y) => aStripe({ y, rows: 1 })),
      /more than 64 rows/,
    ],
    [
      'a picture of nine megabytes',
      Array.from({ length: 5 }, (_, y) => aStripe({ y, rows: 1, bytes: 1_900_000 })),
      /picture is too large/,
    ],
    ['empty sound', [flipped(aStripe(), 0, 0x12).subarray(0, 14)], /no content/],
  ])('%s', (_, messages, expected) => {
    const { publication } = new FeedStage();
    const problems = messages.map((message) => publication.take(message));
    expect(problems.slice(0, -1).every((each) => each === undefined)).toBe(true);
    expect(problems.at(-1)).toMatch(expected);
  });
});

test('[MEDIA-16] any bytes are a sentence or are what they say, and go on as they came', () => {
  const valid = fc.constantFrom(
    aStripe({ isLast: true }),
    aStripe({ ...h264, isLast: true }),
    Buffer.from(writeSound({ sequence: 1, capturedAtUs: 2, payload: new Uint8Array(9) })),
  );
  const edited = fc
    .tuple(valid, fc.array(fc.tuple(fc.nat(30), fc.nat(255)), { maxLength: 3 }), fc.nat(60))
    .map(([message, edits, cut]) => {
      const copy = edits.reduce((each, [at, value]) => flipped(each, at, value), message);
      return cut < 30 ? copy.subarray(0, cut) : copy;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), edited), (message) => {
      const stage = new FeedStage();
      const viewer = new FedViewer(stage.feed);
      const problem = stage.publication.take(message);
      vi.advanceTimersByTime(1);
      expect(viewer.messages).toEqual(problem === undefined ? [Buffer.from(message)] : []);
      viewer.feed.end();
      stage.publication.end();
    }),
    runs(2_000),
  );
});

test('[MEDIA-16] what a reader takes is what a writer would have written', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc.constantFrom(1, 2, 3),
      (bytes, kind) => {
        const message = flipped(bytes, 0, 0x10 | kind);
        expect(typeof mediaKindOf(message)).toBe('object');
        const stripe = readStripe(message);
        if (kind === 1 && typeof stripe !== 'string') {
          expect(Buffer.from(writeStripe(stripe, stripe.payload))).toEqual(message);
        }
        const sound = readSound(message);
        if (kind === 2 && typeof sound !== 'string') {
          expect(Buffer.from(writeSound(sound))).toEqual(message);
        }
        const painted = readPainted(message);
        if (kind === 3 && typeof painted !== 'string') {
          expect(Buffer.from(writePainted(painted))).toEqual(message);
        }
      },
    ),
    runs(5_000),
  );
});
