import type { MediaPublisherEvent, MediaReport } from '../protocol/media/media-messages.ts';
import { mediaKindOf } from '../protocol/media/media-kind.ts';
import { readSound } from '../protocol/media/sound.ts';
import { Throttle } from '../rooms/throttle.ts';
import type { FanoutFigures } from './fanout-figures.ts';
import { FeedViewer, type Wanted } from './feed-viewer.ts';
import { mediaReport } from './media-report.ts';
import { parcelOf, type Outlet } from './outlet.ts';
import { PictureFanout } from './picture-fanout.ts';

const KEY_INTERVAL_MS = 500;
const DEMAND_INTERVAL_MS = 100;
const REPORT_INTERVAL_MS = 1_000;

/** What a feed tells its publisher. */
export interface PublisherOutlet {
  send(event: Exclude<MediaPublisherEvent, { type: 'media/welcome' }>): void;
}

/** A publisher's end of its feed. */
export interface Publication {
  /** A binary message; a sentence when it breaks the protocol. */
  take(message: Uint8Array): string | undefined;
  /** Idempotent. */
  end(): void;
}

/** A viewer's end of its feed. */
export interface Subscription {
  /** Whether a picture that it was sent is waited for; the feed sends it away when that takes too long. */
  readonly owesReceipt: boolean;
  /** A receipt; false when it is for a picture that this viewer was not sent. */
  painted(frame: number): boolean;
  want(wanted: Wanted): void;
  /** It cannot decode what comes. */
  wantKey(): void;
  /** Idempotent. */
  end(): void;
}

/** One source in this mode: its publisher, if there is one, and those who watch. */
export class StripeFeed {
  readonly #viewers = new Set<FeedViewer>();
  readonly #pictures: PictureFanout;
  readonly #figures: FanoutFigures;
  readonly #now: () => number;
  /** Nobody is here any more. */
  readonly #onEmpty: () => void;
  #publisher: PublisherOutlet | null = null;
  #demand = { picture: 0, sound: 0 };
  #toldDemand = { picture: 0, sound: 0 };
  #timer: NodeJS.Timeout | undefined;
  readonly #keys = new Throttle(
    () => KEY_INTERVAL_MS,
    () => this.#askForKeys(),
  );
  readonly #demandNews = new Throttle(
    () => DEMAND_INTERVAL_MS,
    () => this.#tellDemand(),
  );

  constructor(parts: { figures: FanoutFigures; now: () => number; onEmpty: () => void }) {
    this.#figures = parts.figures;
    this.#now = parts.now;
    this.#onEmpty = parts.onEmpty;
    this.#pictures = new PictureFanout({
      viewers: this.#viewers,
      figures: parts.figures,
      now: parts.now,
      onStuck: (viewer) => {
        if (viewer.patience.take(this.#now())) this.#keys.wish();
      },
    });
  }

  /** Bytes that it keeps for those who come. */
  get bytes(): number {
    return this.#pictures.bytes;
  }

  /** Begins a publication; one that was there is over. */
  publish(outlet: PublisherOutlet): Publication {
    this.#unpublish();
    this.#publisher = outlet;
    this.#tellDemand(true);
    this.#settle();
    return {
      take: (message) => (this.#publisher === outlet ? this.#take(message) : undefined),
      end: () => {
        if (this.#publisher !== outlet) return;
        this.#unpublish();
        this.#settle();
      },
    };
  }

  subscribe(outlet: Outlet): Subscription {
    const viewer = new FeedViewer({ outlet, pace: this.#pictures.pace, figures: this.#figures });
    this.#viewers.add(viewer);
    this.#pictures.forget(viewer);
    this.#demandChanged();
    this.#pictures.serve(viewer);
    return {
      get owesReceipt() {
        return viewer.window.unpainted.count > 0;
      },
      painted: (frame) => {
        const isKnown = viewer.painted(frame, this.#now());
        if (isKnown) this.#pictures.serve(viewer);
        return isKnown;
      },
      want: (wanted) => this.#want(viewer, wanted),
      wantKey: () => {
        this.#pictures.forget(viewer);
        this.#pictures.serve(viewer);
      },
      end: () => {
        if (this.#viewers.delete(viewer)) this.#demandChanged();
      },
    };
  }

  #want(viewer: FeedViewer, wanted: Wanted): void {
    const { picture } = viewer.wanted;
    viewer.wanted = wanted;
    if (picture && !wanted.picture) viewer.window.unpainted.forgive();
    if (picture !== wanted.picture) this.#pictures.forget(viewer);
    this.#demandChanged();
    this.#pictures.serve(viewer);
  }

  #take(message: Uint8Array): string | undefined {
    const kind = mediaKindOf(message);
    if (typeof kind === 'string') return kind;
    switch (kind.kind) {
      case 'stripe':
        return this.#pictures.take(message);
      case 'sound':
        return this.#hear(message);
      case 'painted':
        return 'Receipts come from viewers.';
    }
  }

  #hear(message: Uint8Array): string | undefined {
    const sound = readSound(message);
    if (typeof sound === 'string') return sound;
    this.#figures.sounds += 1;
    this.#figures.bytesIn += message.byteLength;
    const parcel = parcelOf([message]);
    for (const viewer of this.#viewers) if (viewer.wanted.sound) viewer.hear(parcel);
    return undefined;
  }

  #unpublish(): void {
    if (this.#publisher === null) return;
    this.#publisher = null;
    this.#keys.clear();
    this.#demandNews.clear();
    this.#pictures.end();
  }

  #demandChanged(): void {
    const demand = { picture: 0, sound: 0 };
    for (const { wanted } of this.#viewers) {
      if (wanted.picture) demand.picture += 1;
      if (wanted.sound) demand.sound += 1;
    }
    this.#demand = demand;
    if (this.#publisher !== null) {
      if (this.#isFirst()) this.#demandNews.now();
      else this.#demandNews.wish();
    }
    this.#settle();
  }

  /** Whether somebody wants what nobody wanted before. */
  #isFirst(): boolean {
    const { picture, sound } = this.#toldDemand;
    return (picture === 0 && this.#demand.picture > 0) || (sound === 0 && this.#demand.sound > 0);
  }

  #tellDemand(anew = false): void {
    const { picture, sound } = this.#demand;
    const told = this.#toldDemand;
    if (!anew && picture === told.picture && sound === told.sound) return;
    this.#toldDemand = { picture, sound };
    this.#publisher?.send({ type: 'media/demand', picture, sound });
  }

  #askForKeys(): void {
    const isMissed = [...this.#viewers].some(
      ({ wanted, missed }) => wanted.picture && !missed.isEmpty,
    );
    if (!isMissed) return;
    this.#figures.keysAsked += 1;
    this.#publisher?.send({ type: 'media/key' });
  }

  /** What runs each second runs while somebody publishes for somebody. */
  #settle(): void {
    if (this.#publisher === null || this.#viewers.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else this.#timer ??= setInterval(() => this.#second(), REPORT_INTERVAL_MS).unref();
    if (this.#publisher === null && this.#viewers.size === 0) this.#onEmpty();
  }

  #second(): void {
    const now = this.#now();
    const shown = [...this.#viewers].filter(({ wanted }) => wanted.picture);
    const report: MediaReport = mediaReport(shown.map(({ tally }) => tally));
    for (const viewer of shown) {
      viewer.second(now);
      this.#pictures.serve(viewer);
    }
    if (shown.length > 0) this.#publisher?.send({ type: 'media/report', report });
  }
}
