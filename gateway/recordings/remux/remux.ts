import { rename, rm, stat } from 'node:fs/promises';
import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  FilePathTarget,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { FlvSource } from './flv-source.ts';
import type { MediaPacket, MediaSource } from './media-tracks.ts';
import { Mp4Source } from './mp4-source.ts';
import type { Remuxed, RemuxJob } from './remux-job.ts';

const UNFINISHED = '.part';
const PROGRESS_MS = 1_000;
const CODEC_NAMES = {
  avc: 'H264',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  opus: 'Opus',
  aac: 'AAC',
} as const;

/**
 * Copies the media of a file into an MP4 whose index comes first, so that players can go anywhere
 * in it at once. Null when nothing in it can be played. The output appears when it is complete.
 * @throws Error when the input cannot be read or the output not be written.
 */
export async function remux(
  job: RemuxJob,
  onProgress: (doneMs: number) => void = () => undefined,
): Promise<Remuxed | null> {
  const source = await openSource(job);
  if (source === null) return null;
  const unfinished = job.output + UNFINISHED;
  try {
    const made = await copy(source, { ...job, output: unfinished }, onProgress);
    if (made === null) {
      await rm(unfinished, { force: true });
      return null;
    }
    const { size: bytes } = await stat(unfinished);
    await rename(unfinished, job.output);
    const { video, audio } = source;
    return {
      ...made,
      bytes,
      inputMs: source.endSeconds * 1000,
      video: video === null ? null : CODEC_NAMES[video.codec],
      audio: audio === null ? null : CODEC_NAMES[audio.codec],
      width: video?.config.codedWidth ?? null,
      height: video?.config.codedHeight ?? null,
    };
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    await source.close();
  }
}

const openSource = ({ input, format }: RemuxJob): Promise<MediaSource | null> =>
  format === 'flv' ? FlvSource.open(input) : Mp4Source.open(input);

async function copy(
  source: MediaSource,
  { output: path, fromMs, toMs }: RemuxJob,
  onProgress: (doneMs: number) => void,
): Promise<Pick<Remuxed, 'startMs' | 'durationMs'> | null> {
  if (source.counts.video + source.counts.audio === 0) return null;
  const start = fromMs === null ? 0 : await source.keyBefore(fromMs / 1000);
  const end = toMs === null ? Number.POSITIVE_INFINITY : toMs / 1000;
  const writer = new MovieWriter(source, path);
  await writer.start();
  let told = performance.now();
  let lastSeconds = 0;
  for await (const packet of source.packets()) {
    if (packet.seconds >= end) continue;
    const seconds = packet.seconds - start;
    if (seconds < 0 || !(await writer.add(packet, seconds))) continue;
    lastSeconds = Math.max(lastSeconds, seconds + packet.duration);
    if (performance.now() - told < PROGRESS_MS) continue;
    told = performance.now();
    onProgress(lastSeconds * 1000);
  }
  if (!(await writer.finish())) return null;
  return { startMs: start * 1000, durationMs: lastSeconds * 1000 };
}

/** Writes packets in the order in which they come; pictures from the first key frame on. */
class MovieWriter {
  readonly #output: Output;
  readonly #source: MediaSource;
  readonly #video: EncodedVideoPacketSource | null;
  readonly #audio: EncodedAudioPacketSource | null;
  readonly #last = { video: -1, audio: -1 };

  constructor(source: MediaSource, path: string) {
    this.#source = source;
    const format = new Mp4OutputFormat({ fastStart: 'reserve' });
    this.#output = new Output({ format, target: new FilePathTarget(path) });
    const { video, audio, counts } = source;
    this.#video =
      video === null || counts.video === 0 ? null : new EncodedVideoPacketSource(video.codec);
    this.#audio =
      audio === null || counts.audio === 0 ? null : new EncodedAudioPacketSource(audio.codec);
    if (this.#video !== null) {
      this.#output.addVideoTrack(this.#video, { maximumPacketCount: counts.video });
    }
    if (this.#audio !== null) {
      this.#output.addAudioTrack(this.#audio, { maximumPacketCount: counts.audio });
    }
  }

  start(): Promise<void> {
    return this.#output.start();
  }

  /** False for what cannot be placed. */
  async add(packet: MediaPacket, seconds: number): Promise<boolean> {
    const { kind, data, duration, key } = packet;
    const first = this.#last[kind] < 0;
    if (seconds <= this.#last[kind] || (kind === 'video' && first && !key)) return false;
    const { video, audio } = this.#source;
    const encoded = new EncodedPacket(data, key ? 'key' : 'delta', seconds, duration);
    if (kind === 'video' && this.#video !== null && video !== null) {
      await this.#video.add(encoded, first ? { decoderConfig: video.config } : undefined);
    } else if (kind === 'audio' && this.#audio !== null && audio !== null) {
      await this.#audio.add(encoded, first ? { decoderConfig: audio.config } : undefined);
    } else return false;
    this.#last[kind] = seconds;
    return true;
  }

  /** False when nothing was added: then there is no file. */
  async finish(): Promise<boolean> {
    if (this.#last.video < 0 && this.#last.audio < 0) {
      await this.#output.cancel();
      return false;
    }
    await this.#output.finalize();
    return true;
  }
}
