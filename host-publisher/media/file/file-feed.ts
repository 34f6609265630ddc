import { HostError, toHostError } from '../../host-error.ts';
import type { Pipeline, TakenBuffer } from '../gstreamer/pipeline.ts';
import type { Feed } from '../sources/feed.ts';
import { FILE_ELEMENTS, FileReader, type ReaderParts, type TrackName } from './file-reader.ts';
import { Timeline } from './timeline.ts';

const TICK_MS = 8;
const NS_PER_MS = 1_000_000n;
/** The next turn of a loop is opened so long before this one ends. */
const AHEAD_NS = 3_000n * NS_PER_MS;

export interface FileFeedParts extends ReaderParts {
  readonly pipeline: Pipeline;
  readonly loop: boolean;
  readonly fps: number;
}

/** Plays a file into a pipeline, again and again without a seam where it loops. */
export class FileFeed implements Feed {
  readonly #parts: FileFeedParts;
  readonly #failed = Promise.withResolvers<never>();
  readonly #timeline: Timeline;
  #reader: FileReader;
  #next: FileReader | null = null;
  #drained = new Set<TrackName>();
  #hasPlayed = false;
  #waiting = new Map<TrackName, TakenBuffer>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: FileFeedParts) {
    this.#parts = parts;
    this.#failed.promise.catch(() => undefined);
    this.#timeline = new Timeline(parts.fps);
    this.#reader = this.#open();
    this.#tick();
  }

  get failure(): Promise<never> {
    return this.#failed.promise;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const taken of this.#waiting.values()) this.#reader.drop(taken);
    await Promise.all([this.#reader.close(), this.#next?.close()]);
  }

  #open(): FileReader {
    const reader = new FileReader(this.#parts);
    reader.failure.catch((error: unknown) =>
      this.#failed.reject(
        new HostError(
          'media',
          `The file cannot be read on: ${toHostError(error, 'media').message}`,
        ),
      ),
    );
    return reader;
  }

  #tick(): void {
    for (const track of this.#reader.names) this.#pump(track);
    if (this.#drained.size === this.#reader.names.length && !this.#turn()) return;
    this.#timer = setTimeout(() => this.#tick(), TICK_MS);
  }

  /** Hands on what is due soon. */
  #pump(track: TrackName): void {
    const { pipeline } = this.#parts;
    while (!this.#drained.has(track)) {
      const taken = this.#waiting.get(track) ?? this.#reader.take(track);
      if (taken === null) {
        if (this.#reader.isDrained(track)) this.#drained.add(track);
        return;
      }
      const dueNs = this.#timeline.due(taken, pipeline.runningTimeNs);
      if (dueNs === null) {
        this.#waiting.set(track, taken);
        return;
      }
      this.#waiting.delete(track);
      this.#hasPlayed = true;
      pipeline.pass(FILE_ELEMENTS[track], taken, dueNs);
      this.#openAhead(taken.timeNs);
    }
  }

  #openAhead(timeNs: bigint): void {
    const { loop, tracks } = this.#parts;
    if (!loop || tracks.durationNs === null || timeNs + AHEAD_NS < tracks.durationNs) return;
    this.#next ??= this.#open();
  }

  /** The file has ended: from its start again, or the end of everything. */
  #turn(): boolean {
    const { loop, pipeline } = this.#parts;
    if (!this.#hasPlayed) {
      this.#failed.reject(new HostError('source-missing', 'The file has nothing in it.'));
      return false;
    }
    if (!loop) {
      if (!this.#timeline.isOver(pipeline.runningTimeNs)) return true;
      this.#failed.reject(new HostError('source-ended', 'The file has ended.'));
      return false;
    }
    void this.#reader.close();
    this.#reader = this.#next ?? this.#open();
    this.#next = null;
    this.#drained.clear();
    this.#timeline.turn();
    return true;
  }
}
