import type { SoundPacket } from '../../../gateway/protocol/media/sound.ts';
import { LipSync } from './lip-sync.ts';
import type { SoundChunk, SoundStanding } from './sound-buffer.ts';
import type { SoundOrder } from './sound-messages.ts';

/** What waits for the decoder at most: half a second and more; then it is not decoded in time. */
const MOST_WAITING = 50;
/** A packet that comes late changes nothing, one that is this far behind begins a new count. */
const RESTART = 1_000;

/** What sound has come to. */
export interface SoundFigures {
  readonly packets: number;
  readonly lost: number;
  readonly depthMs: number | null;
  /** How much later than the picture it is heard; null while that cannot be told. */
  readonly skewMs: number | null;
  readonly underruns: number;
}

/** Opus packets to samples to a worklet, and what the worklet tells of lip-sync back to it. */
export class SoundDecoder {
  readonly sync = new LipSync();
  /** On to the ear from the worklet, ms. */
  outputLatencyMs = 0;
  readonly #nowMs: () => number;
  #port: MessagePort | null = null;
  #decoder: AudioDecoder | null = null;
  #sequence: number | null = null;
  #packets = 0;
  #lost = 0;
  #standing: SoundStanding | null = null;

  /** `nowMs`: milliseconds since 1970. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get hasPort(): boolean {
    return this.#port !== null;
  }

  get figures(): SoundFigures {
    return {
      packets: this.#packets,
      lost: this.#lost,
      depthMs: this.#standing?.depthMs ?? null,
      skewMs: this.sync.skewMs,
      underruns: this.#standing?.underruns ?? 0,
    };
  }

  /** Where samples go from now on. */
  connect(port: MessagePort): void {
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<SoundStanding>) => this.#handleStanding(data);
  }

  decode({ sequence, capturedAtUs, payload }: SoundPacket): void {
    this.#count(sequence);
    if (this.#port === null || !('AudioDecoder' in globalThis)) return;
    const decoder = this.#takeDecoder();
    if (decoder.decodeQueueSize > MOST_WAITING) return;
    const data = payload as Uint8Array<ArrayBuffer>;
    decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: capturedAtUs, data }));
  }

  /** Idempotent; the next packet begins anew. */
  close(): void {
    if (this.#decoder?.state === 'configured') this.#decoder.close();
    this.#decoder = null;
    this.#port?.close();
    this.#port = null;
    this.#standing = null;
    this.#sequence = null;
    this.#packets = 0;
    this.#lost = 0;
    this.sync.forget();
  }

  #count(sequence: number): void {
    const ahead = this.#sequence === null ? 1 : (sequence - this.#sequence) | 0;
    this.#packets += 1;
    if (ahead > 1 && ahead < RESTART) this.#lost += ahead - 1;
    this.#sequence = sequence;
  }

  #takeDecoder(): AudioDecoder {
    if (this.#decoder?.state === 'configured') return this.#decoder;
    const decoder = new AudioDecoder({
      output: (data) => this.#play(data),
      // A packet that is broken takes its decoder with it; the next one gets another.
      error: () => {
        if (this.#decoder === decoder) this.#decoder = null;
      },
    });
    decoder.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 2 });
    this.#decoder = decoder;
    return decoder;
  }

  #play(data: AudioData): void {
    const chunk = chunkOf(data);
    data.close();
    this.#tell(chunk, [chunk.left.buffer, chunk.right.buffer]);
  }

  #handleStanding(standing: SoundStanding): void {
    this.#standing = standing;
    if (standing.capturedAtUs === null) return;
    this.sync.heard(standing.capturedAtUs, this.#nowMs() + this.outputLatencyMs);
    this.#tell({ skewMs: this.sync.skewMs });
  }

  #tell(order: SoundOrder, transfer: Transferable[] = []): void {
    this.#port?.postMessage(order, transfer);
  }
}

function chunkOf(data: AudioData): SoundChunk & {
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
} {
  const plane = (planeIndex: number): Float32Array<ArrayBuffer> => {
    const samples = new Float32Array(data.numberOfFrames);
    data.copyTo(samples, { planeIndex, format: 'f32-planar' });
    return samples;
  };
  const left = plane(0);
  const right = data.numberOfChannels > 1 ? plane(1) : left.slice();
  return { capturedAtUs: data.timestamp, left, right };
}
