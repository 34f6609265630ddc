import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { StripeCodec } from '../../../gateway/protocol/media/stripe.ts';

/** One row of a clip, encoded by itself. */
export interface EncodedRow {
  readonly y: number;
  readonly rows: number;
  readonly frames: readonly { readonly isKey: boolean; readonly payload: Uint8Array }[];
}

/** Two seconds at 30 frames per second, and the sound of it in packets of 20 ms. */
export interface EncodedClip {
  readonly width: number;
  readonly height: number;
  readonly codec: StripeCodec;
  readonly rows: readonly EncodedRow[];
  readonly sound: readonly Uint8Array[];
}

export const CLIP_SECONDS = 2;
export const CLIP_FPS = 30;
export const SOUND_PACKET_MS = 20;
/** H.264 has a key frame every half second. */
const KEY_EVERY = 15;
/** Once a second white and loud for so long, as one. */
export const FLASH_SECONDS = 0.2;

const run = promisify(execFile);

/** Encodes moving bars that flash once a second, with a tone of 440 Hz during each flash. */
export async function encodeClip(shape: {
  readonly codec: StripeCodec;
  readonly width: number;
  readonly height: number;
  readonly rowHeight: number;
}): Promise<EncodedClip> {
  const { codec, width, height, rowHeight } = shape;
  const starts = Array.from({ length: Math.ceil(height / rowHeight) }, (_, n) => n * rowHeight);
  const rows = await Promise.all(
    starts.map(async (y): Promise<EncodedRow> => {
      const count = Math.min(rowHeight, height - y);
      return { y, rows: count, frames: await encodeRow(codec, `${width}:${count}:0:${y}`, shape) };
    }),
  );
  return { width, height, codec, rows, sound: await encodeSound() };
}

async function encodeRow(
  codec: StripeCodec,
  crop: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<EncodedRow['frames']> {
  const flash = `drawbox=t=fill:c=white:enable='lt(mod(n\\,${CLIP_FPS})\\,${FLASH_SECONDS * CLIP_FPS})'`;
  const picture = `testsrc2=s=${width}x${height}:r=${CLIP_FPS}:d=${CLIP_SECONDS},${flash},crop=${crop}`;
  const bytes = await ffmpeg(['-f', 'lavfi', '-i', picture, ...ENCODERS[codec]]);
  const payloads = codec === 'jpeg' ? splitBefore(bytes, JPEG_START) : splitBefore(bytes, AUD);
  return payloads.map((payload, n) => ({
    isKey: codec === 'jpeg' || n % KEY_EVERY === 0,
    payload,
  }));
}

const ENCODERS: Readonly<Record<StripeCodec, readonly string[]>> = {
  jpeg: '-c:v mjpeg -q:v 4 -pix_fmt yuvj420p -f image2pipe'.split(' '),
  h264: [
    ...'-c:v libx264 -profile:v baseline -preset ultrafast -tune zerolatency -threads 1'.split(' '),
    ...`-pix_fmt yuv420p -g ${KEY_EVERY} -keyint_min ${KEY_EVERY} -sc_threshold 0`.split(' '),
    ...'-x264-params repeat-headers=1:aud=1 -f h264'.split(' '),
  ],
};

async function encodeSound(): Promise<readonly Uint8Array[]> {
  const tone = `aevalsrc='0.5*sin(2*PI*440*t)*lt(mod(t\\,1)\\,${FLASH_SECONDS})':s=48000:d=${2 * CLIP_SECONDS}`;
  const opus = `-ac 2 -c:a libopus -b:a 96k -frame_duration ${SOUND_PACKET_MS} -application lowdelay`;
  const ogg = await ffmpeg(['-f', 'lavfi', '-i', tone, ...opus.split(' '), '-f', 'ogg']);
  const count = (CLIP_SECONDS * 1000) / SOUND_PACKET_MS;
  // RFC 7845 §3: the first two packets are headers. A packet leans on what its decoder played before
  // (RFC 6716 §4.3.2.1), so the clip is the second round: an encoder's first tone comes 35 ms late after the last.
  return oggPackets(ogg).slice(2 + count, 2 + 2 * count);
}

async function ffmpeg(args: readonly string[]): Promise<Uint8Array> {
  const { stdout } = await run('ffmpeg', ['-nostdin', '-v', 'error', ...args, '-'], {
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

const JPEG_START = [0xff, 0xd8, 0xff];
/** An access unit delimiter, ISO/IEC 14496-10 §7.3.2.4. */
const AUD = [0, 0, 0, 1, 9];

function splitBefore(bytes: Uint8Array, mark: readonly number[]): Uint8Array[] {
  const starts: number[] = [];
  const needle = Buffer.from(mark);
  const hay = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = hay.indexOf(needle); at !== -1; at = hay.indexOf(needle, at + 1)) starts.push(at);
  return starts.map((start, n) => bytes.subarray(start, starts[n + 1] ?? bytes.length));
}

/** RFC 3533 §6: pages of segments; a packet ends with a segment below 255 bytes. */
function oggPackets(ogg: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  for (let page = 0; page + 27 <= ogg.length;) {
    const segments = ogg[page + 26] ?? 0;
    let at = page + 27 + segments;
    for (const size of ogg.subarray(page + 27, page + 27 + segments)) {
      open.push(ogg.subarray(at, at + size));
      at += size;
      if (size === 255) continue;
      packets.push(new Uint8Array(Buffer.concat(open)));
      open = [];
    }
    page = at;
  }
  return packets;
}
