import { setTimeout as delay } from 'node:timers/promises';
import { toHostError } from '../../host-error.ts';
import type { Encoder } from '../encoding/encoder.ts';
import type { Gst } from '../gstreamer/native.ts';
import { Pipeline, type TakenBuffer } from '../gstreamer/pipeline.ts';
import type { MediaPlan } from '../plan.ts';
import { containerOf } from './container.ts';
import { createFile } from './recording-file.ts';
import { RECORD_SINKS } from './taps.ts';

const DRAIN_MS = 25;
/** What may wait for the disk: 6 s of 10 Mbit/s. */
const MOST_WAITING_BYTES = 8_000_000;
const CLOSING_MS = 1_000;
const INPUTS = { picture: 'record-picture-in', sound: 'record-sound-in' } as const;
const SOUND_CAPS = 'audio/x-opus,rate=48000,channels=2,channel-mapping-family=0';

export interface RecordingParts {
  readonly gst: Gst;
  /** The one that publishes; its taps are read here. */
  readonly pipeline: Pipeline;
  readonly codec: Encoder['codec'];
  /** As it begins. */
  readonly picture: { readonly width: number; readonly height: number };
  readonly sound: boolean;
  readonly record: NonNullable<MediaPlan['record']>;
  readonly notice: (text: string) => void;
  readonly askKeyframe: () => void;
}

/**
 * Writes what is published into a file, by a pipeline of its own: a disk that is slow or full, and
 * a muxer that fails, never reach the one that publishes.
 */
export class Recording {
  readonly #parts: RecordingParts;
  readonly #timer: NodeJS.Timeout;
  #writer: Pipeline | null = null;
  #startNs: bigint | null = null;
  #isBehind = false;
  #ended = false;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
    this.#open();
    this.#timer = setInterval(() => this.#drain(), DRAIN_MS);
  }

  /** Writes what is there to its end; gives a disk that does not take it a second. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const writer = this.#writer;
    this.#writer = null;
    if (writer === null) return;
    if (!this.#ended && this.#startNs !== null) {
      writer.endOfStream(INPUTS.picture);
      if (this.#parts.sound) writer.endOfStream(INPUTS.sound);
      const late = delay(CLOSING_MS, undefined, { ref: false });
      await Promise.race([writer.ended.catch(() => undefined), late]);
    }
    await writer.close().catch(() => undefined);
  }

  #open(): void {
    const { gst, codec, sound, record, notice } = this.#parts;
    const container = containerOf(codec);
    const input = (name: string, caps: string): string =>
      `appsrc name=${name} format=time block=false max-bytes=0 caps="${caps}" ! ${caps}`;
    try {
      const path = createFile(record.path, record.name, container.extension);
      const streams = container.describe(
        input(INPUTS.picture, container.pictureCaps(this.#parts.picture)),
        sound ? input(INPUTS.sound, SOUND_CAPS) : null,
      );
      const writer = Pipeline.parse(
        gst,
        `${streams} file. ! filesink name=disk sync=false async=false buffer-mode=unbuffered`,
      );
      writer.set('disk', 'location', path);
      this.#writer = writer;
      writer.ended.catch((error: unknown) => this.#fail(error));
      writer.play().catch((error: unknown) => this.#fail(error));
      notice(`Recording to ${path}.`);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const { message } = toHostError(error, 'media');
    this.#parts.notice(`The recording has ended, publishing goes on: ${message}`);
  }

  #drain(): void {
    const { sound } = this.#parts;
    this.#drainSink(RECORD_SINKS.picture, (taken) => this.#takePicture(taken));
    if (sound) this.#drainSink(RECORD_SINKS.sound, (taken) => this.#takeSound(taken));
  }

  #drainSink(sink: string, handOn: (taken: TakenBuffer) => void): void {
    const { pipeline } = this.#parts;
    for (let taken = pipeline.take(sink); taken !== null; taken = pipeline.take(sink)) {
      if (this.#ended || this.#writer === null) pipeline.drop(taken);
      else handOn(taken);
    }
  }

  #takePicture(taken: TakenBuffer): void {
    const waiting = this.#writer?.waitingBytes(INPUTS.picture) ?? 0;
    if (!this.#isBehind && waiting > MOST_WAITING_BYTES) {
      this.#isBehind = true;
      this.#parts.notice('The disk does not keep up: the recording has a gap, publishing goes on.');
    }
    const mayBegin = this.#startNs === null || this.#isBehind;
    if (mayBegin && taken.isDelta) {
      if (this.#isBehind && waiting < MOST_WAITING_BYTES / 2) this.#parts.askKeyframe();
      this.#parts.pipeline.drop(taken);
      return;
    }
    if (this.#isBehind && waiting >= MOST_WAITING_BYTES / 2) {
      this.#parts.pipeline.drop(taken);
      return;
    }
    this.#isBehind = false;
    this.#startNs ??= taken.timeNs;
    this.#write(INPUTS.picture, taken, this.#startNs);
  }

  #takeSound(taken: TakenBuffer): void {
    if (this.#startNs === null || this.#isBehind || taken.timeNs < this.#startNs) {
      this.#parts.pipeline.drop(taken);
      return;
    }
    this.#write(INPUTS.sound, taken, this.#startNs);
  }

  #write(input: string, taken: TakenBuffer, startNs: bigint): void {
    this.#writer?.pass(input, taken, taken.timeNs - startNs);
  }
}
