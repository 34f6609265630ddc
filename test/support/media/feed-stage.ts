import { FanoutFigures } from '../../../gateway/stripes/fanout-figures.ts';
import {
  StripeFeed,
  type Publication,
  type PublisherOutlet,
} from '../../../gateway/stripes/stripe-feed.ts';
import type { StripeCodec, StripeHeader } from '../../../gateway/protocol/media/stripe.ts';
import { aStripe } from './a-stripe.ts';

type Told = Parameters<PublisherOutlet['send']>[0];

/** A feed with a publisher of pictures of so many rows; the time is that of vitest. */
export class FeedStage {
  readonly figures = new FanoutFigures(() => undefined);
  empty = 0;
  readonly feed = new StripeFeed({
    figures: this.figures,
    now: () => performance.now(),
    onEmpty: () => {
      this.empty += 1;
    },
  });
  readonly told: Told[] = [];
  publication: Publication;
  readonly #codec: StripeCodec;
  readonly #rows: number;
  readonly #bytes: number;
  #frame: number;
  #layout = 1;
  /** The picture before in which each row came. */
  #before: (number | undefined)[] = [];

  constructor(given: { codec?: StripeCodec; rows?: number; bytes?: number; frame?: number } = {}) {
    this.#codec = given.codec ?? 'jpeg';
    this.#rows = given.rows ?? 2;
    this.#bytes = given.bytes ?? 8;
    this.#frame = (given.frame ?? 0) - 1;
    this.publication = this.publish();
  }

  /** The newest picture's number. */
  get frame(): number {
    return this.#frame >>> 0;
  }

  publish(): Publication {
    this.#before = [];
    this.publication = this.feed.publish({ send: (event) => this.told.push(event) });
    return this.publication;
  }

  heard<Type extends Told['type']>(type: Type): readonly Extract<Told, { type: Type }>[] {
    return this.told.filter((event): event is Extract<Told, { type: Type }> => event.type === type);
  }

  relayout(): void {
    this.#layout = (this.#layout + 1) % 256;
    this.#before = [];
  }

  /** Stripes of the next picture: these rows, each with the number of the row's picture before. */
  next(given: { rows?: readonly number[]; isKey?: boolean } = {}): Buffer[] {
    const all = Array.from({ length: this.#rows }, (_, row) => row);
    const rows = this.#before.length === 0 ? all : (given.rows ?? all);
    const isFirst = this.#before.length === 0;
    this.#frame += 1;
    return rows.map((row, index) => {
      const isKey = isFirst || given.isKey === true || this.#codec === 'jpeg';
      const bytes = Buffer.alloc(this.#bytes);
      bytes.writeUInt32BE(this.#before[row] ?? 0);
      bytes.writeUInt32BE(this.frame, 4);
      this.#before[row] = this.frame;
      return this.stripe({
        frame: this.frame,
        row,
        isKey,
        isLast: index === rows.length - 1,
        bytes,
      });
    });
  }

  stripe(given: Partial<StripeHeader> & { row?: number; bytes?: number | Uint8Array }): Buffer {
    const { row = 0, ...header } = given;
    return aStripe({
      codec: this.#codec,
      layout: this.#layout,
      width: 64,
      height: this.#rows * 16,
      y: row * 16,
      rows: 16,
      ...header,
    });
  }

  /** Sends the next picture; the first problem, if there is one. */
  show(given: { rows?: readonly number[]; isKey?: boolean } = {}): string | undefined {
    for (const message of this.next(given)) {
      const problem = this.publication.take(message);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}
