import { Box, createFile, DataStream, type ISOFile } from 'mp4box';
import type { KeyPicture } from './depacketize/frame.ts';
import type { RecordedVideo } from './recorder-messages.ts';
import { CLOCK_RATE, type TrackName } from './timeline.ts';

/** One coded picture or packet of sound. `at` and `duration` are ticks of its track's clock. */
export interface Sample {
  readonly data: Buffer;
  readonly at: number;
  readonly duration: number;
  readonly key: boolean;
}

export interface MovieTracks {
  readonly video: { readonly codec: RecordedVideo; readonly picture: KeyPicture } | null;
  readonly audio: boolean;
}

/** `avc3`: parameter sets come with the key frames, so that a picture may change its size. */
const SAMPLE_ENTRY = {
  H264: 'avc3',
  VP8: 'vp08',
  VP9: 'vp09',
  AV1: 'av01',
} as const satisfies Record<RecordedVideo, string>;
const BRANDS = ['iso6', 'mp41', 'dash'];
/** RFC 7845 §4.2: what decoders need to converge, in samples. */
const PRE_SKIP = 312;

/** A fragmented MP4 (ISO/IEC 14496-12 §8.8) in pieces: a beginning, and fragments of any length. */
export class Movie {
  readonly #file: ISOFile = createFile();
  readonly #ids: Record<TrackName, number | null> = { video: null, audio: null };

  constructor({ video, audio }: MovieTracks) {
    this.#file.init({ brands: BRANDS, timescale: 1000 });
    if (video !== null) this.#ids.video = this.#addVideo(video);
    if (audio) this.#ids.audio = this.#addAudio();
  }

  /** The bytes that stand before all fragments. */
  get beginning(): Buffer {
    return bytesOf(this.#file.boxes);
  }

  /** A fragment of one track; the samples follow one another. */
  fragment(track: TrackName, samples: readonly Sample[]): Buffer {
    const id = this.#ids[track];
    const trak = id === null ? undefined : this.#file.getTrackById(id);
    const [description] = trak?.mdia.minf.stbl.stsd.entries ?? [];
    if (id === null || description === undefined || samples.length === 0) return Buffer.alloc(0);
    const moof = this.#file.createMoof(
      samples.map(({ data, at, duration, key }, number) => ({
        number,
        track_id: id,
        timescale: CLOCK_RATE[track],
        description_index: 0,
        description,
        size: data.length,
        duration,
        dts: at,
        cts: at,
        is_sync: key,
        is_leading: 0,
        depends_on: 0,
        is_depended_on: 0,
        has_redundancy: 0,
        degradation_priority: 0,
        offset: 0,
      })),
    );
    moof.computeSize();
    const [run] = moof.trafs[0]?.truns ?? [];
    const header = 8;
    if (run !== undefined) run.data_offset = moof.size + header;
    const length = samples.reduce((sum, { data }) => sum + data.length, header);
    const head = Buffer.alloc(header);
    head.writeUInt32BE(length);
    head.write('mdat', 4, 'latin1');
    return Buffer.concat([bytesOf([moof]), head, ...samples.map(({ data }) => data)]);
  }

  #addVideo({ codec, picture }: NonNullable<MovieTracks['video']>): number | null {
    const { width, height, configuration } = picture;
    const common = { type: SAMPLE_ENTRY[codec], hdlr: 'vide', name: 'video', language: 'und' };
    return this.#file.addTrack({
      ...common,
      width,
      height,
      timescale: CLOCK_RATE.video,
      ...(codec === 'H264'
        ? { avcDecoderConfigRecord: Uint8Array.from(configuration).buffer }
        : { description: codec === 'AV1' ? plainBox('av1C', configuration) : vpcC(configuration) }),
    });
  }

  #addAudio(): number | null {
    return this.#file.addTrack({
      type: 'Opus',
      hdlr: 'soun',
      name: 'audio',
      language: 'und',
      timescale: CLOCK_RATE.audio,
      channel_count: 2,
      samplesize: 16,
      samplerate: CLOCK_RATE.audio,
      description: plainBox('dOps', opusSpecific()),
    });
  }
}

/** VP Codec ISO Media File Format Binding §"VP Codec Configuration Box", version 1. */
const vpcC = (configuration: Buffer): Box =>
  plainBox('vpcC', Buffer.concat([Buffer.from([1, 0, 0, 0]), configuration]));

/** Encapsulation of Opus in ISO Base Media File Format §4.3.2: version, two channels, no gain. */
function opusSpecific(): Buffer {
  const fields = Buffer.alloc(11);
  fields.writeUInt8(2, 1);
  fields.writeUInt16BE(PRE_SKIP, 2);
  fields.writeUInt32BE(CLOCK_RATE.audio, 4);
  return fields;
}

function plainBox(type: string, data: Buffer): Box {
  const box = new Box();
  box.type = type;
  // The library writes from the beginning of the memory that lies behind: small buffers share one.
  box.data = Uint8Array.from(data);
  return box;
}

function bytesOf(boxes: readonly Box[]): Buffer {
  const stream = new DataStream();
  for (const box of boxes) box.write(stream);
  return Buffer.from(stream.buffer);
}
