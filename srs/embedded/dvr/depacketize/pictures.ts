import type { TakenPacket } from '../packet-batch.ts';
import type { RecordedVideo } from '../recorder-messages.ts';
import type { EncodedFrame, PictureAssembly } from './frame.ts';
import { Av1Pictures } from './av1.ts';
import { H264Pictures } from './h264.ts';
import { Vp8Pictures } from './vp8.ts';
import { Vp9Pictures } from './vp9.ts';

const CODECS = {
  H264: H264Pictures,
  VP8: Vp8Pictures,
  VP9: Vp9Pictures,
  AV1: Av1Pictures,
} as const;

/** No picture has more: who sends one without end is not kept in memory. */
const MOST_PICTURE_BYTES = 16 * 1024 * 1024;

interface Open {
  readonly timestamp: number;
  readonly atMs: number;
  /** Null once it is broken. */
  assembly: PictureAssembly | null;
  bytes: number;
}

/** Whole pictures out of packets in order. What is broken, or hangs on it, is left out. */
export class Pictures {
  readonly #codec: { begin(): PictureAssembly };
  #open: Open | null = null;
  /** Packets were lost: nothing can be decoded before the next key frame. */
  #lost = true;

  constructor(codec: RecordedVideo) {
    this.#codec = new CODECS[codec]();
  }

  /** Whether a key frame is lacking. */
  get needsKeyframe(): boolean {
    return this.#lost;
  }

  *push(packet: TakenPacket | null): Generator<EncodedFrame> {
    if (packet === null) {
      this.#lost = true;
      if (this.#open !== null) this.#open.assembly = null;
      return;
    }
    if (this.#open !== null && this.#open.timestamp !== packet.timestamp) yield* this.#close();
    const { timestamp, atMs } = packet;
    this.#open ??= { timestamp, atMs, assembly: this.#codec.begin(), bytes: 0 };
    this.#add(this.#open, packet.payload);
    if (packet.marker) yield* this.#close();
  }

  /** The pictures of another encoding follow. */
  restart(): void {
    this.#open = null;
    this.#lost = true;
  }

  #add(open: Open, payload: Buffer): void {
    if (open.assembly === null || payload.length === 0) return;
    open.bytes += payload.length;
    const fits = open.bytes <= MOST_PICTURE_BYTES;
    if (!fits || !open.assembly.add(payload)) open.assembly = null;
  }

  *#close(): Generator<EncodedFrame> {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const made = open.assembly?.finish() ?? null;
    if (made === null) {
      this.#lost = true;
      return;
    }
    if (made.picture !== null) this.#lost = false;
    if (this.#lost || made.data.length === 0) return;
    yield { timestamp: open.timestamp, atMs: open.atMs, ...made };
  }
}
