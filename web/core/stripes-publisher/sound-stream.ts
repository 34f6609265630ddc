import { writeSound } from '../../../gateway/protocol/media/sound.ts';
import { CaptureClock } from './capture-clock.ts';

/** What a stream of sound needs of the rest. */
export interface SoundStreamParts {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly send: (message: Uint8Array<ArrayBuffer>) => boolean;
  /** Whether so much waits for the network that sound would come too late. */
  readonly isUplinkFull: () => boolean;
}

const BITRATE_BPS = 96_000;
const PACKET_US = 20_000;
const CHANNELS = 2;

/** TypeScript's DOM does not know the members of Opus. */
interface OpusConfig extends AudioEncoderConfig {
  readonly opus: { readonly frameDuration: number; readonly application: 'lowdelay' | 'audio' };
}

/** From captured sound to Opus packets on the wire. */
export class SoundStream {
  readonly #parts: SoundStreamParts;
  readonly #clock = new CaptureClock();
  #encoder: AudioEncoder | null = null;
  #shape = '';
  #isWanted = false;
  #sequence = 0;
  #bytes = 0;

  constructor(parts: SoundStreamParts) {
    this.#parts = parts;
  }

  /** Whether somebody wants to hear it. */
  want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    if (!isWanted) this.#rest();
  }

  /** Takes a piece of sound over. */
  offer(data: AudioData): void {
    this.#clock.note(data.timestamp, this.#parts.nowMs() * 1000);
    if (this.#isWanted && typeof AudioEncoder !== 'undefined') this.#encode(data);
    data.close();
  }

  /** Bytes sent since the last reading. */
  readBytes(): number {
    const bytes = this.#bytes;
    this.#bytes = 0;
    return bytes;
  }

  /** Encodes nothing more. Idempotent. */
  close(): void {
    this.want(false);
  }

  #encode(data: AudioData): void {
    const shape = `${data.sampleRate}/${data.numberOfChannels}`;
    if (this.#encoder === null || shape !== this.#shape) this.#open(data, shape);
    if (this.#encoder?.state === 'configured') this.#encoder.encode(data);
  }

  #open({ sampleRate, numberOfChannels }: AudioData, shape: string): void {
    this.#rest();
    this.#shape = shape;
    if (numberOfChannels > CHANNELS) return;
    const encoder = new AudioEncoder({
      output: (chunk) => this.#send(chunk),
      error: () => {
        if (this.#encoder === encoder) this.#encoder = null;
      },
    });
    const config: OpusConfig = {
      codec: 'opus',
      ...{ sampleRate, numberOfChannels, bitrate: BITRATE_BPS },
      opus: { frameDuration: PACKET_US, application: 'audio' },
    };
    encoder.configure(config);
    this.#encoder = encoder;
  }

  #send(chunk: EncodedAudioChunk): void {
    if (!this.#isWanted || this.#parts.isUplinkFull()) return;
    const payload = new Uint8Array(chunk.byteLength);
    chunk.copyTo(payload);
    const message = writeSound({
      sequence: this.#sequence,
      capturedAtUs: this.#clock.capturedAtUs(chunk.timestamp),
      payload,
    });
    this.#sequence = (this.#sequence + 1) % 2 ** 32;
    if (this.#parts.send(message)) this.#bytes += message.byteLength;
  }

  #rest(): void {
    if (this.#encoder !== null && this.#encoder.state !== 'closed') this.#encoder.close();
    this.#encoder = null;
  }
}
