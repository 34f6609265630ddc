import type { SourcePlace } from '../rooms/hosts/source-place.ts';
import type { FanoutFigures } from './fanout-figures.ts';
import { StripeFeed } from './stripe-feed.ts';

/** The feeds that somebody publishes or watches. */
export class Feeds {
  readonly #feeds = new Map<string, StripeFeed>();
  readonly #figures: FanoutFigures;
  readonly #now: () => number;

  /** `now`: milliseconds of any clock. */
  constructor(deps: { figures: FanoutFigures; now: () => number }) {
    this.#figures = deps.figures;
    this.#now = deps.now;
  }

  get size(): number {
    return this.#feeds.size;
  }

  /** The feed of a source; publish or subscribe at once, it is forgotten with the last of both. */
  at({ room, source }: SourcePlace): StripeFeed {
    const key = `${room}/${source}`;
    const known = this.#feeds.get(key);
    if (known !== undefined) return known;
    const feed = new StripeFeed({
      figures: this.#figures,
      now: this.#now,
      onEmpty: () => this.#feeds.delete(key),
    });
    this.#feeds.set(key, feed);
    return feed;
  }
}
