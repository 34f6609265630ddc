import { execFileSync } from 'node:child_process';

const MOST_BYTES = 256 * 1024 * 1024;

interface Shape {
  readonly width: number;
  readonly rows: number;
}

const run = (args: readonly string[], input: Buffer): Buffer =>
  execFileSync('ffmpeg', ['-v', 'error', ...args], { input, maxBuffer: MOST_BYTES });
const RGB = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];

/** What another decoder makes of a row's stripes: each picture in RGB, by the matrix and range that they tell. */
export function decodedRow(codec: 'jpeg' | 'h264', stripes: Buffer, shape: Shape): Buffer[] {
  const format = codec === 'jpeg' ? 'mjpeg' : 'h264';
  const output = run(['-f', format, '-i', '-', '-fps_mode', 'passthrough', ...RGB], stripes);
  return cut(output, shape);
}

/** A row of raw I420 in RGB. */
export function rgbRow(pixels: Buffer, colorimetry: 'bt709' | 'bt601', shape: Shape): Buffer {
  const size = `${shape.width}x${shape.rows}`;
  const matrix = `scale=in_color_matrix=${colorimetry}:in_range=tv`;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', size, '-i', '-'];
  return run([...input, '-vf', matrix, ...RGB], pixels);
}

/** Peak signal-to-noise ratio, dB. */
export function psnr(one: Buffer, other: Buffer): number {
  if (one.length !== other.length) throw new Error(`${one.length} bytes are not ${other.length}`);
  let squares = 0;
  for (const [at, value] of one.entries()) squares += (value - (other[at] ?? 0)) ** 2;
  return squares === 0 ? Infinity : 10 * Math.log10((255 ** 2 * one.length) / squares);
}

function cut(output: Buffer, { width, rows }: Shape): Buffer[] {
  const bytes = width * rows * 3;
  return Array.from({ length: output.length / bytes }, (_none, at) =>
    output.subarray(at * bytes, (at + 1) * bytes),
  );
}
