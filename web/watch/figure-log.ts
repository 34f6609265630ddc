import type { WatchStats } from '../core/watch-stats.ts';
import { withSample } from './figure-history.ts';
import type { FigureSample } from './figure-history.ts';
import type { WatchFigures } from './watch-figures.ts';
import type { Watched } from './watched.ts';

/** What was read of the picture that is seen, for as long as somebody looks. */
export class FigureLog {
  readonly #watched: Watched;
  #samples: readonly FigureSample[] = [];
  #before: WatchStats | null = null;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** Where the player stands, in one word. */
  get state(): string {
    return this.#watched.client.state.value.kind;
  }

  /** The figures of this moment, and all that were read so far, oldest first. */
  readonly read = async (): Promise<
    WatchFigures & { readonly samples: readonly FigureSample[] }
  > => {
    const { client, stripes, webrtc } = this.#watched;
    const way = client.choice.value.shown;
    const stats = await (way === 'websocket' ? stripes : webrtc).stats();
    this.#samples = withSample(this.#samples, { way, stats }, this.#before, Date.now());
    this.#before = stats;
    return { way, stats, samples: this.#samples };
  };
}
