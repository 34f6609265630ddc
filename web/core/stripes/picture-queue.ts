import type { StripeHeader } from '../../../gateway/protocol/media/stripe.ts';

/** What a decoder made of a stripe, for example a `VideoFrame`. */
export interface DecodedRows {
  close(): void;
}

/** Decoded rows and where in the picture they go. */
export interface PaintableRows<Image> {
  readonly y: number;
  readonly rows: number;
  readonly image: Image;
}

/** All that changed since the picture that was painted before; several pictures may be one. */
export interface PaintablePicture<Image> {
  /** Number of the newest. */
  readonly frame: number;
  readonly width: number;
  readonly height: number;
  readonly layout: number;
  /** Of the newest, by the publisher's clock. */
  readonly capturedAtUs: number;
  /** When the first stripe of the newest came. */
  readonly arrivedAtMs: number;
  /** Pictures that are in it. */
  readonly pictures: number;
  readonly stripes: readonly PaintableRows<Image>[];
}

/** A stripe's place in the queue until it is decoded. */
export type PictureTicket<Image> = (image: Image | null) => void;

interface Entry<Image> {
  readonly header: StripeHeader;
  readonly arrivedAtMs: number;
  /** Of its newest stripe: those that were missed before are older. */
  capturedAtUs: number;
  readonly images: Map<number, PaintableRows<Image>>;
  waiting: number;
  isClosed: boolean;
}

/**
 * Puts decoded stripes together to pictures, in the order in which they came: a picture is what
 * comes with one number, until the stripe that is marked the last one or a stripe with another
 * number. A picture is painted as soon as all before it and all of its own stripes are decoded;
 * those that are ready together are painted as one, with the newest of each row.
 */
export class PictureQueue<Image extends DecodedRows> {
  readonly #paint: (picture: PaintablePicture<Image>) => void;
  #entries: Entry<Image>[] = [];

  constructor(paint: (picture: PaintablePicture<Image>) => void) {
    this.#paint = paint;
  }

  /** Pictures that are not painted yet. */
  get length(): number {
    return this.#entries.length;
  }

  /** When the oldest picture that is not painted came; null: there is none. */
  get oldestAtMs(): number | null {
    return this.#entries[0]?.arrivedAtMs ?? null;
  }

  /** A stripe came; the result takes what was made of it, once: null, nothing. */
  add(header: StripeHeader, atMs: number): PictureTicket<Image> {
    const entry = this.#entryOf(header, atMs);
    entry.waiting += 1;
    entry.capturedAtUs = Math.max(entry.capturedAtUs, header.capturedAtUs);
    if (header.isLast) entry.isClosed = true;
    let isOpen = true;
    return (image) => {
      if (!isOpen || !this.#entries.includes(entry)) {
        image?.close();
        return;
      }
      isOpen = false;
      entry.waiting -= 1;
      if (image !== null) {
        entry.images.get(header.y)?.image.close();
        entry.images.set(header.y, { y: header.y, rows: header.rows, image });
      }
      this.#flush();
    };
  }

  /** Forgets all that is not painted. Returns the number of the newest; null: there was nothing. */
  clear(): number | null {
    const newest = this.#entries.at(-1)?.header.frame ?? null;
    for (const { images } of this.#entries) closeAll(images);
    this.#entries = [];
    return newest;
  }

  #entryOf(header: StripeHeader, atMs: number): Entry<Image> {
    const last = this.#entries.at(-1);
    const { frame, layout } = header;
    if (last?.isClosed === false && last.header.frame === frame && last.header.layout === layout) {
      return last;
    }
    if (last !== undefined) last.isClosed = true;
    const entry = {
      ...{ header, arrivedAtMs: atMs, capturedAtUs: 0 },
      ...{ images: new Map(), waiting: 0, isClosed: false },
    };
    this.#entries.push(entry);
    return entry;
  }

  #flush(): void {
    const unready = this.#entries.findIndex(({ isClosed, waiting }) => !isClosed || waiting > 0);
    const ready = this.#entries.splice(0, unready === -1 ? this.#entries.length : unready);
    const newest = ready.at(-1);
    if (newest === undefined) return;
    const stripes = new Map<number, PaintableRows<Image>>();
    for (const { header, images } of ready) {
      const isVoid = header.layout !== newest.header.layout;
      for (const [y, rows] of images) {
        if (isVoid) rows.image.close();
        else {
          stripes.get(y)?.image.close();
          stripes.set(y, rows);
        }
      }
    }
    const { frame, width, height, layout } = newest.header;
    const { arrivedAtMs, capturedAtUs } = newest;
    this.#paint({
      ...{ frame, width, height, layout, capturedAtUs, arrivedAtMs },
      pictures: ready.length,
      stripes: [...stripes.values()],
    });
  }
}

function closeAll<Image extends DecodedRows>(images: Map<number, PaintableRows<Image>>): void {
  for (const { image } of images.values()) image.close();
}
