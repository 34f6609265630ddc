import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Stripe } from '../../../gateway/protocol/media/stripe.ts';

/** What FFmpeg made of encoded pictures. */
export interface Decoded {
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  /** Mean of all luma samples of the last frame, 0 to 255. */
  readonly brightness: number;
  /** Luma samples of the last frame, row by row. */
  readonly luma: Buffer;
  /** What it complained of. */
  readonly errors: string;
}

/** Decodes stripes of one row, H.264 or JPEG, from a key on; FFmpeg forgives nothing. */
export async function decodeStripes(stripes: readonly Stripe[]): Promise<Decoded> {
  const [first] = stripes;
  if (first === undefined) throw new Error('there is nothing to decode');
  const { width, rows: height, codec } = first;
  const args = [
    '-v',
    'error',
    '-xerror',
    '-f',
    codec === 'h264' ? 'h264' : 'mjpeg',
    '-i',
    'pipe:0',
  ];
  const child = spawn('ffmpeg', [...args, '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(Buffer.concat(stripes.map(({ payload }) => payload)));
  await once(child, 'close');
  const pixels = Buffer.concat(chunks);
  const frames = Math.floor(pixels.length / (width * height));
  const last = pixels.subarray((frames - 1) * width * height, frames * width * height);
  const brightness = last.reduce((sum, sample) => sum + sample, 0) / Math.max(1, last.length);
  return { frames, width, height, brightness, luma: last, errors: errors.join('') };
}
