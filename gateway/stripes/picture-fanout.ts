import { readStripe, type Stripe } from '../protocol/media/stripe.ts';
import { composePicture } from './compose.ts';
import type { FanoutFigures } from './fanout-figures.ts';
import type { FeedViewer } from './feed-viewer.ts';
import { FramePace } from './frame-pace.ts';
import { Layout } from './layout.ts';
import type { MessageParts } from './outlet.ts';
import { Picture, type FeedStripe } from './picture.ts';
import { RowStore } from './row-store.ts';

export interface FanoutParts {
  readonly viewers: ReadonlySet<FeedViewer>;
  readonly figures: FanoutFigures;
  /** A viewer lacks what only key stripes of the publisher can give it, and could take them. */
  readonly onStuck: (viewer: FeedViewer) => void;
  /** Milliseconds of any clock. */
  readonly now: () => number;
}

/**
 * Pictures of one publisher to many viewers. Who lacks nothing follows a picture while it comes; all
 * others get theirs when it is complete, made of what they can use: the newest of every JPEG row that
 * they lack, or H.264 rows in which they missed nothing since a key.
 */
export class PictureFanout {
  readonly pace = new FramePace();
  readonly #parts: FanoutParts;
  readonly #store = new RowStore();
  #layout: Layout | null = null;
  #picture: Picture | null = null;
  /** The newest picture that is complete. */
  #frame: number | null = null;
  #isFlushDue = false;

  constructor(parts: FanoutParts) {
    this.#parts = parts;
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  /** A stripe of the publisher; a sentence when it breaks the protocol. */
  take(message: Uint8Array): string | undefined {
    const stripe = readStripe(message);
    if (typeof stripe === 'string') return stripe;
    const picture = this.#pictureOf(stripe);
    if (typeof picture === 'string') return picture;
    const row = picture.layout.rowOf(stripe);
    if (typeof row === 'string') return row;
    const problem = picture.add({ row, stripe, message });
    if (problem !== undefined) return problem;
    if (stripe.codec === 'jpeg') this.#store.set(row, stripe);
    this.#parts.figures.stripes += 1;
    if (stripe.isLast) this.#complete(picture);
    else this.#flushSoon();
    return undefined;
  }

  /** The viewer has nothing of what there is. */
  forget(viewer: FeedViewer): void {
    viewer.isFollowing = false;
    viewer.missed.clear();
    if (this.#layout !== null) viewer.missed.addAll(this.#layout.rows);
  }

  /** Gives the viewer what it lacks, as far as that is here and it can take it. */
  serve(viewer: FeedViewer): void {
    if (!viewer.wanted.picture || viewer.missed.isEmpty) return;
    const now = this.#parts.now();
    if (viewer.obstacle(now) !== undefined) return;
    if (this.#picture === null && this.#frame !== null) {
      const stripes = this.#takeMissed(viewer, []);
      if (stripes.length > 0) viewer.show(this.#frame, composePicture(this.#frame, stripes), now);
    }
    this.#askIfStuck(viewer, now);
  }

  /** The publisher is gone; another one begins anew. */
  end(): void {
    this.#layout = null;
    this.#picture = null;
    this.#frame = null;
    this.#store.clear();
    for (const viewer of this.#parts.viewers) {
      this.forget(viewer);
      viewer.window.unpainted.forgive();
    }
  }

  #pictureOf(stripe: Stripe): Picture | string {
    const { frame, layout } = stripe;
    if (this.#picture?.frame === frame) {
      if (this.#picture.layout.number === layout) return this.#picture;
      return 'A layout changes within a picture.';
    }
    const last = this.#picture?.frame ?? this.#frame;
    if (last !== null && !isAfter(frame, last)) return 'A picture comes after a later one.';
    if (this.#picture !== null) this.#complete(this.#picture);
    if (this.#layout?.number !== layout) this.#begin(new Layout(stripe));
    const picture = new Picture(frame, this.#layout ?? new Layout(stripe));
    this.#picture = picture;
    this.#parts.figures.pictures += 1;
    this.pace.note(this.#parts.now());
    return picture;
  }

  #begin(layout: Layout): void {
    this.#layout = layout;
    this.#store.clear();
    for (const { missed } of this.#parts.viewers) missed.clear();
  }

  /** What comes in one turn of the event loop goes out in one. */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => {
      this.#isFlushDue = false;
      if (this.#picture !== null) this.#flush(this.#picture);
    });
  }

  #flush(picture: Picture): void {
    const isFirst = picture.parcels.length === 0;
    const parcel = picture.nextParcel();
    if (parcel === undefined) return;
    this.#parts.figures.bytesIn += parcel.bytes;
    const now = this.#parts.now();
    for (const viewer of this.#parts.viewers) {
      if (!viewer.wanted.picture) continue;
      if (isFirst) viewer.begin(picture, now);
      if (viewer.isFollowing) viewer.follow(parcel);
    }
  }

  #complete(picture: Picture): void {
    this.#flush(picture);
    this.#picture = null;
    this.#frame = picture.frame;
    const now = this.#parts.now();
    for (const viewer of this.#parts.viewers) {
      if (!viewer.wanted.picture) continue;
      if (!viewer.isFollowing) this.#showLate(viewer, picture, now);
      else if (picture.isMarked) viewer.complete(picture, now);
      viewer.isFollowing = false;
    }
  }

  #showLate(viewer: FeedViewer, picture: Picture, now: number): void {
    const obstacle = viewer.obstacle(now);
    if (obstacle !== undefined) {
      viewer.miss(picture.stripes, obstacle);
      viewer.tally.skipped += 1;
      return;
    }
    const stripes = this.#usable(viewer, picture);
    if (stripes.length === 0) viewer.tally.skipped += 1;
    else viewer.show(picture.frame, asItCame(picture, stripes) ?? compose(picture, stripes), now);
    this.#askIfStuck(viewer, now);
  }

  /** What the viewer can be shown now that the picture is complete; what it then lacks is noted. */
  #usable(viewer: FeedViewer, picture: Picture): readonly Stripe[] {
    if (picture.layout.codec === 'jpeg') {
      viewer.missed.addAll(picture.rows);
      return this.#takeMissed(viewer, picture.stripes);
    }
    const usable = picture.stripes.filter(
      ({ row, stripe }) => stripe.isKey || !viewer.missed.has(row),
    );
    for (const { row } of usable) viewer.missed.delete(row);
    this.#parts.figures.dropped.key += picture.stripes.length - usable.length;
    return usable.map(({ stripe }) => stripe);
  }

  /** The newest stripes of the rows that it lacks, as far as they are here. */
  #takeMissed({ missed }: FeedViewer, fresh: readonly FeedStripe[]): readonly Stripe[] {
    const stripes: Stripe[] = [];
    for (const row of missed) {
      const stripe = fresh.find((each) => each.row === row)?.stripe ?? this.#store.get(row);
      if (stripe === undefined) continue;
      stripes.push(stripe);
      missed.delete(row);
    }
    return stripes;
  }

  #askIfStuck(viewer: FeedViewer, now: number): void {
    if (this.#isServed(viewer) || viewer.obstacle(now) !== undefined) return;
    this.#parts.onStuck(viewer);
  }

  /** Whether it lacks nothing, or only what is here. */
  #isServed({ missed }: FeedViewer): boolean {
    for (const row of missed) if (this.#store.get(row) === undefined) return false;
    return true;
  }
}

/** The picture itself, where it is just what is to be shown. */
function asItCame(picture: Picture, stripes: readonly Stripe[]): Picture | undefined {
  const isAll = picture.isMarked && stripes.length === picture.stripes.length;
  return isAll && picture.stripes.every(({ stripe }) => stripes.includes(stripe))
    ? picture
    : undefined;
}

const compose = ({ frame }: Picture, stripes: readonly Stripe[]): MessageParts[] =>
  composePicture(frame, stripes);

const isAfter = (frame: number, last: number): boolean => {
  const ahead = (frame - last) >>> 0;
  return ahead !== 0 && ahead < 0x8000_0000;
};
