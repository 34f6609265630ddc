import { onTestFinished } from 'vitest';
import type { Gst } from '../../../host-publisher/media/gstreamer/native.ts';
import { Pipeline } from '../../../host-publisher/media/gstreamer/pipeline.ts';
import type { Feed, Source } from '../../../host-publisher/media/sources/feed.ts';

export interface Arrival {
  /** Time in the stream, and how late it came. */
  readonly timeMs: number;
  readonly lateMs: number;
  readonly bytes: Buffer;
}

/** A source that plays into sinks of the test; closed after it. */
export class FedSource {
  readonly feed: Feed | null;
  readonly picture: Arrival[] = [];
  readonly sound: Arrival[] = [];
  failure: Error | null = null;
  readonly #pipeline: Pipeline;
  readonly #timer: NodeJS.Timeout;

  static async play(gst: Gst, source: Source): Promise<FedSource> {
    const sink = (name: string): string => `appsink name=${name} sync=false async=false`;
    const sound = source.sound === null ? '' : `${source.sound.text} ! ${sink('sound')}`;
    const pipeline = Pipeline.parse(gst, `${source.text} ! ${sink('picture')} ${sound}`);
    await pipeline.play();
    const fed = new FedSource(pipeline, source);
    onTestFinished(() => fed.close());
    return fed;
  }

  private constructor(pipeline: Pipeline, source: Source) {
    this.#pipeline = pipeline;
    this.feed = source.feed?.(pipeline) ?? null;
    this.feed?.failure.catch((error: unknown) => {
      this.failure = error as Error;
    });
    this.#timer = setInterval(() => {
      this.#drain('picture', this.picture);
      if (source.sound !== null) this.#drain('sound', this.sound);
    }, 2);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.feed?.close();
    await this.#pipeline.close();
  }

  #drain(sink: string, into: Arrival[]): void {
    for (let taken = this.#pipeline.take(sink); taken !== null; taken = this.#pipeline.take(sink)) {
      const lateMs = Number(this.#pipeline.runningTimeNs - taken.timeNs) / 1e6;
      const bytes = Buffer.alloc(taken.bytes);
      into.push({ timeMs: Number(taken.timeNs) / 1e6, lateMs, bytes });
      this.#pipeline.read(taken, bytes);
    }
  }
}

/** Times between arrivals in the stream. */
export const gapsOf = (arrivals: readonly Arrival[]): number[] =>
  arrivals.slice(1).map(({ timeMs }, index) => timeMs - (arrivals[index]?.timeMs ?? 0));
