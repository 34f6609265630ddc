import type { EncodedFrame } from './depacketize/frame.ts';
import { Pictures } from './depacketize/pictures.ts';
import { Movie } from './movie.ts';
import { readBatch, type TakenPacket } from './packet-batch.ts';
import type { RecordingTracks } from './recorder-messages.ts';
import { RecordingFile } from './recording-file.ts';
import { Reorder } from './reorder.ts';
import { Sight } from './sight.ts';
import { Sound } from './sound.ts';
import { Timeline, type TrackName } from './timeline.ts';

/** Sound is not waited for longer than this. */
const SOUND_LATE_MS = 600;
/** A publication whose pictures do not come is begun without them. */
const PICTURES_LATE_MS = 3_000;
const ASK_AGAIN_MS = 1_000;

interface Begun {
  readonly movie: Movie;
  readonly file: RecordingFile;
  /** Place of the file's first moment on the timeline: epoch milliseconds. */
  readonly startMs: number;
  readonly sight: Sight | null;
  readonly sound: Sound | null;
}

export interface RecordingEvents {
  readonly keyframeNeeded: () => void;
  readonly fileEnded: (file: string, error: string | null) => void;
}

/** One publication on its way into files: usually one, more when tracks come later. */
export class Recording {
  readonly #path: string;
  readonly #tracks: RecordingTracks;
  readonly #events: RecordingEvents;
  readonly #timeline = new Timeline();
  readonly #orders: Record<TrackName, Reorder> = { audio: new Reorder(), video: new Reorder() };
  readonly #pictures: Pictures | null;
  readonly #closing = new Set<Promise<void>>();
  #layer = 0;
  #begun: Begun | null = null;
  #waitingSound: { readonly payload: Buffer; readonly placeMs: number }[] = [];
  #firstMs: number | null = null;
  #askedMs = 0;
  #error: string | null = null;

  constructor(path: string, tracks: RecordingTracks, events: RecordingEvents) {
    this.#path = path;
    this.#tracks = tracks;
    this.#events = events;
    this.#pictures = tracks.video === null ? null : new Pictures(tracks.video);
  }

  /** Why it failed; null while it can go on. */
  get error(): string | null {
    return this.#error;
  }

  take(batch: Buffer): void {
    if (this.#error !== null) return;
    for (const packet of readBatch(batch)) {
      this.#firstMs ??= packet.atMs;
      if (packet.track === 0) this.#hear(this.#orders.audio.push(packet));
      else this.#see(packet);
    }
  }

  report(track: TrackName, ntpMs: number, rtp: number): void {
    this.#timeline.report(track, ntpMs, rtp);
  }

  /** Writes a fragment of what has come; call it once a second. `nowMs` as arrivals are told. */
  flush(nowMs: number): void {
    if (this.#error !== null) return;
    this.#hear(this.#orders.audio.expire(nowMs));
    this.#show(this.#orders.video.expire(nowMs));
    this.#beginWithoutPictures(nowMs);
    this.#write(nowMs);
    if (this.#pictures?.needsKeyframe === true && nowMs - this.#askedMs >= ASK_AGAIN_MS) {
      this.#askedMs = nowMs;
      this.#events.keyframeNeeded();
    }
    const error = this.#begun?.file.error ?? null;
    if (error !== null) {
      this.#error = error;
      this.#endFile();
    }
  }

  /** Writes what is left; resolves when all files are closed. */
  async end(): Promise<void> {
    if (this.#error === null) {
      this.#hear(this.#orders.audio.drain());
      this.#show(this.#orders.video.drain());
      this.#beginWithoutPictures(Number.POSITIVE_INFINITY);
      this.#write(Number.POSITIVE_INFINITY);
    }
    this.#endFile();
    await Promise.all(this.#closing);
  }

  #see(packet: TakenPacket): void {
    if (packet.track !== this.#layer) {
      this.#layer = packet.track;
      this.#orders.video = new Reorder();
      this.#pictures?.restart();
      this.#timeline.restart('video');
    }
    this.#show(this.#orders.video.push(packet));
  }

  #show(packets: Iterable<TakenPacket | null>): void {
    for (const packet of packets) {
      for (const frame of this.#pictures?.push(packet) ?? []) this.#addFrame(frame);
    }
  }

  #addFrame(frame: EncodedFrame): void {
    const placeMs = this.#timeline.placeMs('video', frame.timestamp, frame.atMs);
    // It began without pictures, and a file's tracks are told at its beginning.
    if (this.#begun !== null && this.#begun.sight === null) this.#endFile();
    if (this.#begun === null) {
      const { video } = this.#tracks;
      if (frame.picture === null || video === null) return;
      this.#begin(placeMs, { codec: video, picture: frame.picture });
    }
    this.#begun?.sight?.add(frame, placeMs - this.#begun.startMs);
  }

  #hear(packets: Iterable<TakenPacket | null>): void {
    for (const packet of packets) {
      if (packet === null || packet.payload.length === 0) continue;
      const { payload } = packet;
      const placeMs = this.#timeline.placeMs('audio', packet.timestamp, packet.atMs);
      if (this.#begun === null) this.#waitingSound.push({ payload, placeMs });
      else this.#begun.sound?.add(payload, placeMs - this.#begun.startMs);
    }
  }

  #beginWithoutPictures(nowMs: number): void {
    const [first] = this.#waitingSound;
    if (this.#begun !== null || first === undefined || this.#firstMs === null) return;
    const late = nowMs - this.#firstMs >= PICTURES_LATE_MS;
    if (this.#pictures === null || late) this.#begin(first.placeMs, null);
  }

  #begin(startMs: number, video: ConstructorParameters<typeof Movie>[0]['video']): void {
    const { audio } = this.#tracks;
    const movie = new Movie({ video, audio });
    const file = new RecordingFile(this.#path.replaceAll('[timestamp]', startMs.toFixed(0)));
    file.append(movie.beginning);
    const sound = audio ? new Sound() : null;
    const sight = video === null ? null : new Sight();
    this.#begun = { movie, file, startMs, sight, sound };
    for (const { payload, placeMs } of this.#waitingSound) sound?.add(payload, placeMs - startMs);
    this.#waitingSound = [];
  }

  #write(nowMs: number): void {
    const begun = this.#begun;
    if (begun === null) return;
    const { movie, file, sight, sound, startMs } = begun;
    if (nowMs !== Number.POSITIVE_INFINITY) sound?.fill(nowMs - SOUND_LATE_MS - startMs);
    file.append(movie.fragment('video', sight?.take(nowMs) ?? []));
    file.append(movie.fragment('audio', sound?.take() ?? []));
  }

  #endFile(): void {
    const begun = this.#begun;
    if (begun === null) return;
    this.#begun = null;
    const { file } = begun;
    const closing = file.close().then(() => {
      this.#closing.delete(closing);
      this.#events.fileEnded(file.path, file.error);
    });
    this.#closing.add(closing);
  }
}
