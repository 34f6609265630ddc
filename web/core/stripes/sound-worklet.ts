import { SoundBuffer } from './sound-buffer.ts';
import type { SoundChunk } from './sound-buffer.ts';
import type { SoundOrder } from './sound-messages.ts';

/** What TypeScript's DOM lacks of an audio worklet's scope. */
declare const registerProcessor: (name: string, processor: unknown) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

/** Renderings between two tellings; 128 samples each: 32 ms. */
const TELL_EVERY = 12;

/** Plays what comes by the port that its node is handed. */
class SoundProcessor extends AudioWorkletProcessor {
  readonly #buffer = new SoundBuffer();
  #source: MessagePort | null = null;
  #renderings = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<MessagePort>) => {
      this.#source = data;
      data.onmessage = ({ data: order }: MessageEvent<SoundOrder>) => this.#handle(order);
    };
  }

  process(_inputs: unknown, [output]: readonly (readonly Float32Array[])[]): boolean {
    const [left, right] = output ?? [];
    if (left === undefined || right === undefined) return true;
    this.#buffer.pull(left, right);
    this.#renderings += 1;
    if (this.#renderings % TELL_EVERY === 0) this.#source?.postMessage(this.#buffer.standing);
    return true;
  }

  #handle(order: SoundOrder): void {
    if ('skewMs' in order) this.#buffer.steer(order.skewMs);
    else this.#buffer.push(order satisfies SoundChunk);
  }
}

registerProcessor('pixelcast-sound', SoundProcessor);
