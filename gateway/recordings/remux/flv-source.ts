import { open, type FileHandle } from 'node:fs/promises';
import { AvcConfiguration } from './avc-configuration.ts';
import { FLV_AUDIO, FLV_VIDEO, flvTags, type FlvTag } from './flv-tags.ts';
import type { AudioTrack, MediaPacket, MediaSource, VideoTrack } from './media-tracks.ts';

const AVC = 7;
const AAC = 10;
const KEY = 1;
const SEQUENCE_HEADER = 0;
const RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
  7_350,
];
const AAC_FRAME = 1024;
const USUAL_PICTURE_SECONDS = 1 / 30;

/** What a first look at a file found. */
interface Outline {
  video: VideoTrack | null;
  audio: AudioTrack | null;
  readonly counts: { video: number; audio: number };
  readonly keysMs: number[];
  firstMs: number | null;
  lastMs: number;
}

/** A recording of SRS: H.264 and AAC in FLV. Parameter sets that change go into the pictures. */
export class FlvSource implements MediaSource {
  readonly #handle: FileHandle;
  readonly #outline: Outline;

  /** @throws Error when the file cannot be read. */
  static async open(file: string): Promise<FlvSource> {
    const handle = await open(file, 'r');
    try {
      return new FlvSource(handle, await outlineOf(handle));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private constructor(handle: FileHandle, outline: Outline) {
    this.#handle = handle;
    this.#outline = outline;
  }

  get video(): VideoTrack | null {
    return this.#outline.video;
  }

  get audio(): AudioTrack | null {
    return this.#outline.audio;
  }

  get counts(): Outline['counts'] {
    return this.#outline.counts;
  }

  get endSeconds(): number {
    return (this.#outline.lastMs - (this.#outline.firstMs ?? 0)) / 1000;
  }

  keyBefore(seconds: number): Promise<number> {
    const first = this.#outline.firstMs ?? 0;
    const key = this.#outline.keysMs.findLast((ms) => ms - first <= seconds * 1000);
    return Promise.resolve(key === undefined ? 0 : (key - first) / 1000);
  }

  async *packets(): AsyncGenerator<MediaPacket> {
    const { firstMs, audio } = this.#outline;
    let configuration: AvcConfiguration | null = null;
    const audioSeconds = AAC_FRAME / (audio?.config.sampleRate ?? 44_100);
    for await (const tag of flvTags(this.#handle)) {
      const seconds = (tag.ms - (firstMs ?? 0)) / 1000;
      if (isPicture(tag)) {
        const key = tag.body.readUInt8(0) >> 4 === KEY;
        const units = tag.body.subarray(5);
        const data =
          key && configuration !== null
            ? Buffer.concat([configuration.inBand, units])
            : Buffer.from(units);
        yield { kind: 'video', data, seconds, duration: USUAL_PICTURE_SECONDS, key };
      } else if (isAvcHeader(tag)) {
        configuration = new AvcConfiguration(tag.body.subarray(5));
      } else if (isSound(tag)) {
        const data = Buffer.from(tag.body.subarray(2));
        yield { kind: 'audio', data, seconds, duration: audioSeconds, key: true };
      }
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function outlineOf(handle: FileHandle): Promise<Outline> {
  const outline: Outline = {
    ...{ video: null, audio: null, firstMs: null, lastMs: 0 },
    ...{ counts: { video: 0, audio: 0 }, keysMs: [] },
  };
  for await (const tag of flvTags(handle)) {
    if (isAvcHeader(tag)) {
      outline.video ??= videoTrack(new AvcConfiguration(tag.body.subarray(5)));
    } else if (isAacHeader(tag)) {
      outline.audio ??= audioTrack(tag.body.subarray(2));
    } else if (isPicture(tag) || isSound(tag)) {
      const kind = tag.type === FLV_VIDEO ? 'video' : 'audio';
      outline.counts[kind] += 1;
      if (kind === 'video' && tag.body.readUInt8(0) >> 4 === KEY) outline.keysMs.push(tag.ms);
      outline.firstMs ??= tag.ms;
      outline.lastMs = Math.max(outline.lastMs, tag.ms);
    }
  }
  return outline;
}

function videoTrack({ codec, record, size }: AvcConfiguration): VideoTrack {
  const { width: codedWidth, height: codedHeight } = size;
  return { codec: 'avc', config: { codec, description: record, codedWidth, codedHeight } };
}

/** ISO/IEC 14496-3 §1.6.2.1: type, rate and channels of an AudioSpecificConfig. */
function audioTrack(specific: Buffer): AudioTrack | null {
  if (specific.length < 2) return null;
  const bits = specific.readUInt16BE(0);
  const sampleRate = RATES[(bits >> 7) & 0x0f];
  const numberOfChannels = (bits >> 3) & 0x0f;
  if (sampleRate === undefined || numberOfChannels === 0) return null;
  const description = Buffer.from(specific);
  const codec = `mp4a.40.${bits >> 11}`;
  return { codec: 'aac', config: { codec, sampleRate, numberOfChannels, description } };
}

const isAvc = ({ type, body }: FlvTag): boolean =>
  type === FLV_VIDEO && body.length > 5 && (body.readUInt8(0) & 0x0f) === AVC;
const isAvcHeader = (tag: FlvTag): boolean =>
  isAvc(tag) && tag.body.readUInt8(1) === SEQUENCE_HEADER;
const isPicture = (tag: FlvTag): boolean => isAvc(tag) && tag.body.readUInt8(1) === 1;
const isAac = ({ type, body }: FlvTag): boolean =>
  type === FLV_AUDIO && body.length > 2 && body.readUInt8(0) >> 4 === AAC;
const isAacHeader = (tag: FlvTag): boolean =>
  isAac(tag) && tag.body.readUInt8(1) === SEQUENCE_HEADER;
const isSound = (tag: FlvTag): boolean => isAac(tag) && tag.body.readUInt8(1) === 1;
