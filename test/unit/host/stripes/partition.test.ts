import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_STRIPES } from '../../../../gateway/protocol/media/media-protocol.ts';
import { PixelLayout } from '../../../../host-publisher/stripes/pixel-layout.ts';
import { partition } from '../../../../host-publisher/stripes/partition.ts';
import { SentPicture } from '../../../../host-publisher/stripes/sent-picture.ts';
import {
  StripesEncoder,
  stripesEncoderOf,
  stripesEncodersWith,
} from '../../../../host-publisher/stripes/stripes-encoder.ts';

const anyEncoder = fc.constantFrom(...StripesEncoder.options);
const anyFormat = fc.constantFrom('I420' as const, 'BGRx' as const);
const anyHeight = fc.integer({ min: 1, max: 2160 }).map((half) => 2 * half);

describe('rows of a picture', () => {
  it('[MEDIA-50] cover it without a gap, of whole blocks but for the last, not too many', () => {
    fc.assert(
      fc.property(anyEncoder, anyHeight, (encoder, height) => {
        const rows = partition(encoder, height);
        let y = 0;
        for (const [index, row] of rows.entries()) {
          expect(row.y).toBe(y);
          expect(row.rows).toBeGreaterThan(0);
          expect(row.rows % 2).toBe(0);
          if (index < rows.length - 1) expect(row.rows % 16).toBe(0);
          y += row.rows;
        }
        expect(y).toBe(height);
        expect(rows.length).toBeLessThanOrEqual(encoder === 'jpeg-striped' ? MAX_STRIPES : 8);
      }),
    );
  });

  it.each([
    ['jpeg-striped', 720, [96, 96, 96, 96, 96, 96, 96, 48]],
    ['x264enc-striped', 720, [144, 144, 144, 144, 144]],
    ['x264enc-striped', 1080, [144, 144, 144, 144, 144, 144, 144, 72]],
    ['h264', 1080, [1080]],
  ] as const)('%s of %i lines has rows of %j', (encoder, height, heights) => {
    expect(partition(encoder, height).map(({ rows }) => rows)).toEqual(heights);
  });

  it('[MEDIA-51] differ from what was taken last, or are left out', () => {
    const anyPictures = fc.array(
      fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), value: fc.nat(255) }), {
        maxLength: 4,
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(anyEncoder, anyFormat, anyPictures, (encoder, format, pictures) => {
        const [width, height] = [36, 482];
        const layout = new PixelLayout(format, width, height);
        const rows = partition(encoder, height);
        const sent = new SentPicture(layout, rows);
        const pixels = Buffer.alloc(layout.bytes);
        for (const [turn, changes] of pictures.entries()) {
          const former = Buffer.from(pixels);
          for (const { at, value } of changes) pixels[Math.floor(at * (pixels.length - 1))] = value;
          const taken = sent.take(pixels);
          for (const [index, row] of rows.entries()) {
            const now = Buffer.concat(layout.slices(pixels, row));
            const differs = !now.equals(Buffer.concat(layout.slices(former, row)));
            expect(taken.includes(index)).toBe(turn === 0 || differs);
            expect(Buffer.concat(sent.slices(index)).equals(now)).toBe(true);
          }
        }
      }),
    );
  });
});

describe('names of encoders', () => {
  it.each([
    ['jpeg', 'jpeg-striped'],
    ['h264-striped', 'x264enc-striped'],
    ['h264enc-striped', 'x264enc-striped'],
    ['x264enc-striped', 'x264enc-striped'],
    ['h264enc', 'h264'],
    ['x264enc', 'h264'],
    ['h265', null],
    ['constructor', null],
  ])('%s is %s', (name, encoder) => expect(stripesEncoderOf(name)).toBe(encoder));
});

describe('encoders that ended a media process', () => {
  it.each([
    [[], []],
    [['x264enc'], ['x264enc-striped', 'h264']],
    [['jpegenc', 'vp8enc'], ['jpeg-striped']],
  ])('of %j: %j', (elements, encoders) => expect(stripesEncodersWith(elements)).toEqual(encoders));
});
