import { describe, expect, it, onTestFinished } from 'vitest';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { GstRows } from '../../../host-publisher/stripes/gst-rows.ts';
import { PixelLayout } from '../../../host-publisher/stripes/pixel-layout.ts';
import { partition } from '../../../host-publisher/stripes/partition.ts';
import type { StripesEncoder } from '../../../host-publisher/stripes/stripes-encoder.ts';
import { decodedRow, psnr, rgbRow } from '../../support/host/stripes/decoded-row.ts';

const gst = loadGst();
gst.init(null, null, [null]);
const TARGET = { bitrateKbps: 20_000, quality: 60, fps: 30 };
const SIZES = [
  { format: 'I420', width: 1280, height: 720, colorimetry: 'bt709' },
  { format: 'I420', width: 642, height: 482, colorimetry: 'bt601' },
  { format: 'BGRx', width: 1280, height: 720, colorimetry: 'bt709' },
  { format: 'BGRx', width: 642, height: 482, colorimetry: 'bt601' },
] as const;
const ENCODERS = ['jpeg-striped', 'x264enc-striped', 'h264'] as const;

/** Colours that a wrong matrix or range would show, soft edges, and something that moves. */
function scene(layout: PixelLayout, width: number, height: number, turn: number): Buffer {
  const pixels = Buffer.alloc(layout.bytes);
  for (let y = 0; y < height; y += 2) {
    const [luma, blue, red] = layout.slices(pixels, { y, rows: 2 });
    const stride = (luma?.length ?? 0) / 2;
    for (let x = 0; x < width; x += 1) {
      const value = 40 + ((x + y + 8 * turn) % 160);
      luma?.writeUInt8(value, x);
      luma?.writeUInt8(value, x + stride);
      blue?.writeUInt8(80 + ((y / 4) % 96), x >> 1);
      red?.writeUInt8(80 + ((x / 8) % 96), x >> 1);
    }
  }
  return pixels;
}

/** The same in RGB, as a screen is captured. */
function rgbScene(width: number, height: number, turn: number): Buffer {
  const pixels = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = 40 + ((x + y + 8 * turn) % 160);
      const at = (y * width + x) * 4;
      pixels.writeUInt8(value + ((y / 4) % 40), at);
      pixels.writeUInt8(value, at + 1);
      pixels.writeUInt8(value + ((x / 8) % 40), at + 2);
    }
  }
  return pixels;
}

function rgbOf(bgrx: Buffer): Buffer {
  const rgb = Buffer.alloc((bgrx.length / 4) * 3);
  for (let from = 0, to = 0; from < bgrx.length; from += 4, to += 3) {
    for (const [at, channel] of [2, 1, 0].entries()) rgb[to + at] = bgrx[from + channel] ?? 0;
  }
  return rgb;
}

async function open(encoder: StripesEncoder, size: (typeof SIZES)[number], target = TARGET) {
  const { format, width, height, colorimetry } = size;
  const rows = partition(encoder, height);
  const layout = new PixelLayout(format, width, height);
  const encoders = await GstRows.open(gst, { encoder, format, width, rows, colorimetry, target });
  onTestFinished(() => encoders.close());
  const picture = (turn: number) =>
    format === 'I420' ? scene(layout, width, height, turn) : rgbScene(width, height, turn);
  const encode = (turn: number, wish = { key: false, refined: false }) => {
    const pixels = picture(turn);
    return Promise.all(
      rows.map((row, index) => encoders.encode(index, layout.slices(pixels, row), wish)),
    );
  };
  const source = (turn: number, index: number) => {
    const row = rows[index] ?? { y: 0, rows: 0 };
    const strided = Buffer.concat(layout.slices(picture(turn), row));
    if (format === 'BGRx') return rgbOf(strided);
    return rgbRow(packed(strided, width, row.rows), colorimetry, { width, rows: row.rows });
  };
  return { rows, encoders, encode, source };
}

/** Without what GStreamer fills lines up with. */
function packed(strided: Buffer, width: number, rows: number): Buffer {
  const lines: Buffer[] = [];
  let at = 0;
  const plane = (length: number, count: number): void => {
    for (let line = 0; line < count; line += 1) {
      lines.push(strided.subarray(at, at + length));
      at += Math.ceil(length / 4) * 4;
    }
  };
  plane(width, rows);
  plane(width / 2, rows / 2);
  plane(width / 2, rows / 2);
  return Buffer.concat(lines);
}

describe.each(SIZES)('rows of $width x $height, $format', (size) => {
  it.each(ENCODERS)(
    '[MEDIA-52] by %s are what another decoder sees as they were',
    async (encoder) => {
      const { rows, encoders, encode, source } = await open(encoder, size);
      const turns = [0, 1, 2, 3, 4, 5];
      const streams: Buffer[][] = rows.map(() => []);
      for (const turn of turns) {
        const encoded = await encode(turn);
        for (const [index, { payload, isKey }] of encoded.entries()) {
          streams[index]?.push(payload);
          expect(isKey).toBe(turn === 0 || encoder === 'jpeg-striped');
        }
      }
      for (const index of [0, rows.length - 1]) {
        const shape = { width: size.width, rows: rows[index]?.rows ?? 0 };
        const stream = Buffer.concat(streams[index] ?? []);
        const decoded = decodedRow(encoders.codec, stream, shape);
        expect(decoded).toHaveLength(turns.length);
        for (const turn of [0, 5]) {
          const picture = decoded[turn] ?? Buffer.alloc(0);
          expect(psnr(picture, source(turn, index))).toBeGreaterThan(33);
        }
      }
    },
  );
});

describe('encoders of rows', () => {
  it.each(['x264enc-striped', 'h264'] as const)(
    '[MEDIA-53] %s: a key that is asked for decodes without what was before',
    async (encoder) => {
      const { rows, encode, source } = await open(encoder, SIZES[0]);
      for (const turn of [0, 1, 2]) await encode(turn);
      const keys = await encode(3, { key: true, refined: false });
      const next = await encode(4);
      expect(keys.every(({ isKey }) => isKey)).toBe(true);
      expect(next.some(({ isKey }) => isKey)).toBe(false);
      const index = rows.length - 1;
      const stream = Buffer.concat([keys, next].map((of) => of[index]?.payload ?? Buffer.alloc(0)));
      const shape = { width: SIZES[0].width, rows: rows[index]?.rows ?? 0 };
      const decoded = decodedRow('h264', stream, shape);
      expect(decoded).toHaveLength(2);
      expect(psnr(decoded[1] ?? Buffer.alloc(0), source(4, index))).toBeGreaterThan(30);
    },
  );

  it.each(ENCODERS)('[MEDIA-55] %s: what is still gets better', async (encoder) => {
    const { rows, encoders, encode, source } = await open(encoder, SIZES[0]);
    encoders.steer(TARGET, 0.005);
    const streams: Buffer[] = [];
    const add = async (turn: number, refined: boolean): Promise<void> => {
      const encoded = await encode(turn, { key: false, refined });
      streams.push(encoded[0]?.payload ?? Buffer.alloc(0));
    };
    for (let turn = 0; turn < 10; turn += 1) await add(turn, false);
    encoders.steer(TARGET, 1);
    for (let pass = 0; pass < encoders.refinements; pass += 1) await add(9, true);
    const shape = { width: SIZES[0].width, rows: rows[0]?.rows ?? 0 };
    const decoded = decodedRow(encoders.codec, Buffer.concat(streams), shape);
    const [live, refined] = [decoded[9], decoded.at(-1)].map((picture) =>
      psnr(picture ?? Buffer.alloc(0), source(9, 0)),
    );
    expect(refined).toBeGreaterThan((live ?? 0) + 2);
  });

  it('[MEDIA-56] H.264 stays below a bitrate that is given while it runs', async () => {
    const { encoders, encode } = await open('h264', SIZES[0]);
    const bytesOf = async (turns: number): Promise<number> => {
      let bytes = 0;
      for (let turn = 0; turn < turns; turn += 1) {
        for (const { payload } of await encode(turn)) bytes += payload.length;
      }
      return bytes;
    };
    await bytesOf(10);
    encoders.steer({ ...TARGET, bitrateKbps: 500 }, 1);
    await bytesOf(10);
    // By the rate that the encoder believes in: 30 pictures are a second.
    expect((await bytesOf(60)) * 8).toBeLessThan(1.3 * 2 * 500_000);
  });

  it('[MEDIA-58] say what GStreamer does not take, and what they were closed for', async () => {
    const colours = { ...SIZES[0], colorimetry: 'no such' as 'bt709' };
    await expect(open('jpeg-striped', colours)).rejects.toThrow(/GStreamer cannot/);
    const { encoders, encode } = await open('h264', SIZES[0]);
    await encoders.close();
    await expect(encode(0)).rejects.toThrow('The encoders are closed.');
  });
});
