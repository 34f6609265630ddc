import { LIMITS } from '../limits/limits.ts';
import type { DropReason, FanoutFigures } from './fanout-figures.ts';
import type { FramePace } from './frame-pace.ts';
import { KeyPatience } from './key-patience.ts';
import type { MessageParts, Outlet, Parcel } from './outlet.ts';
import { PaintWindow } from './paint-window.ts';
import type { FeedStripe, Picture } from './picture.ts';
import { RowSet } from './row-set.ts';
import { ViewerTally } from './viewer-tally.ts';

export interface Wanted {
  readonly picture: boolean;
  readonly sound: boolean;
}

/** One viewer of a feed: what it was sent, and what it lacks. */
export class FeedViewer {
  readonly window: PaintWindow;
  readonly tally = new ViewerTally();
  readonly patience = new KeyPatience();
  /** Rows that are not what the publisher last showed; H.264 ones have no use for a delta. */
  readonly missed = new RowSet();
  wanted: Wanted = { picture: true, sound: true };
  /** Whether it gets the picture under way as it comes. */
  isFollowing = false;
  /** Of the picture that was begun last. */
  #pictureBytes = 0;
  readonly #outlet: Outlet;
  readonly #figures: FanoutFigures;

  constructor(parts: { outlet: Outlet; pace: FramePace; figures: FanoutFigures }) {
    this.#outlet = parts.outlet;
    this.#figures = parts.figures;
    this.window = new PaintWindow(parts.pace);
  }

  /** Why no picture may be begun now; undefined when one may. */
  obstacle(now: number): DropReason | undefined {
    if (this.#outlet.queuedBytes > LIMITS.mediaQueueBytes) return 'queue';
    return this.window.isOpen(!this.missed.isEmpty, now) ? undefined : 'window';
  }

  /** A picture begins: whoever lacks nothing gets it as it comes. */
  begin({ frame }: Picture, now: number): void {
    this.isFollowing = this.missed.isEmpty && this.obstacle(now) === undefined;
    if (this.isFollowing) this.#begin(frame);
  }

  follow(parcel: Parcel): void {
    this.#pictureBytes += parcel.bytes;
    this.#share(parcel);
  }

  /** All of the picture that it followed is sent. */
  complete({ frame }: Picture, now: number): void {
    this.#complete(frame, now);
  }

  /** A whole picture at once: one of its own, or the one that all get. */
  show(frame: number, picture: readonly MessageParts[] | Picture, now: number): void {
    this.#begin(frame);
    if ('parcels' in picture) for (const parcel of picture.parcels) this.follow(parcel);
    else this.#send(picture);
    this.#complete(frame, now);
  }

  /** It does not get these. */
  miss(stripes: readonly FeedStripe[], reason: DropReason): void {
    for (const { row } of stripes) this.missed.add(row);
    this.#figures.dropped[reason] += stripes.length;
  }

  hear(parcel: Parcel): void {
    if (this.#outlet.queuedBytes > LIMITS.mediaQueueBytes) this.#figures.soundsDropped += 1;
    else this.#share(parcel);
  }

  /** False when it was never sent this picture. */
  painted(frame: number, now: number): boolean {
    const receipt = this.window.receipt(frame, now);
    if (typeof receipt === 'string') return receipt === 'again';
    this.tally.painted += 1;
    this.tally.ageMs += receipt.ageMs;
    this.#figures.receipt(receipt.ageMs);
    return true;
  }

  /** Once a second, while pictures come. */
  second(now: number): void {
    this.window.second(this.tally);
    this.tally.clear();
    const { oldest } = this.window.unpainted;
    if (oldest !== null && now - oldest.since > patienceMs(oldest.bytes)) this.#outlet.stall();
  }

  #begin(frame: number): void {
    this.#pictureBytes = 0;
    this.window.unpainted.begin(frame);
  }

  #complete(frame: number, now: number): void {
    this.window.unpainted.complete(frame, now, this.#pictureBytes);
    this.tally.sent += 1;
  }

  #share(parcel: Parcel): void {
    this.#outlet.share(parcel);
    this.#figures.bytesOut += parcel.bytes;
  }

  #send(messages: readonly MessageParts[]): void {
    this.#outlet.send(messages);
    for (const parts of messages) {
      for (const { byteLength } of parts) {
        this.#pictureBytes += byteLength;
        this.#figures.bytesOut += byteLength;
      }
    }
  }
}

/** What the slowest path that is served needs for so many bytes, and a moment for whoever paints them. */
function patienceMs(bytes: number): number {
  const wayMs = (bytes / LIMITS.mediaSlowestBytesPerSecond) * 1000;
  return Math.min(LIMITS.mediaUnpaintedMs + wayMs, LIMITS.mediaUnpaintedMostMs);
}
