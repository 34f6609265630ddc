import { MEDIA_KINDS } from '../../../gateway/protocol/media/media-protocol.ts';
import { readSound } from '../../../gateway/protocol/media/sound.ts';
import { readStripe, type Stripe } from '../../../gateway/protocol/media/stripe.ts';
import type { MessageParts, Outlet, Parcel } from '../../../gateway/stripes/outlet.ts';
import type { StripeFeed, Subscription } from '../../../gateway/stripes/stripe-feed.ts';

/** A viewer of a feed in one process: sees what it is sent at once, and paints when it is told to. */
export class FedViewer implements Outlet {
  queuedBytes = 0;
  /** What it is sent stays in its queue. */
  isStuck = false;
  stalled = 0;
  readonly messages: Buffer[] = [];
  readonly stripes: Stripe[] = [];
  sounds = 0;
  /** Pictures that came whole and are not painted, oldest first. */
  readonly unpainted: number[] = [];
  readonly feed: Subscription;

  constructor(feed: StripeFeed) {
    this.feed = feed.subscribe(this);
  }

  /** Numbers of the pictures that came whole, in their order. */
  get pictures(): readonly number[] {
    return this.stripes.filter(({ isLast }) => isLast).map(({ frame }) => frame);
  }

  share({ messages }: Parcel): void {
    for (const message of messages) this.#see(Buffer.from(message));
  }

  send(messages: readonly MessageParts[]): void {
    for (const parts of messages) this.#see(Buffer.concat(parts));
  }

  stall(): void {
    this.stalled += 1;
  }

  /** Receipts the oldest picture, or the newest and with it all. False when there is none. */
  paint(which: 'oldest' | 'newest' = 'newest'): boolean {
    const frame = which === 'oldest' ? this.unpainted.shift() : this.unpainted.pop();
    if (frame === undefined) return false;
    if (which === 'newest') this.unpainted.length = 0;
    return this.feed.painted(frame);
  }

  #see(message: Buffer): void {
    this.messages.push(message);
    if (this.isStuck) this.queuedBytes += message.byteLength;
    if (((message[0] ?? 0) & 15) === MEDIA_KINDS.sound) {
      if (typeof readSound(message) === 'string') throw new Error('no sound packet');
      this.sounds += 1;
      return;
    }
    const stripe = readStripe(message);
    if (typeof stripe === 'string') throw new Error(stripe);
    this.stripes.push(stripe);
    if (stripe.isLast) this.unpainted.push(stripe.frame);
  }
}
