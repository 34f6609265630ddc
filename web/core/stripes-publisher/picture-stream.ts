import { MAX_STRIPE_BYTES } from '../../../gateway/protocol/media/media-protocol.ts';
import { writeStripe } from '../../../gateway/protocol/media/stripe.ts';
import { StreamFigures } from './stream-figures.ts';
import { sizeOf } from './picture-encoder.ts';
import type {
  EncodedPicture,
  EncoderEvents,
  EncoderSettings,
  Picture,
  PictureEncoder,
} from './picture-encoder.ts';

/** What a stream of pictures needs of the rest. */
export interface PictureStreamParts {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Sends one binary message; false while there is no connection. */
  readonly send: (message: Uint8Array<ArrayBuffer>) => boolean;
  /** Whether what waits for the network is more than it should be. */
  readonly isUplinkFull: () => boolean;
  /** An encoder for these settings; called again when the size changes or after one has failed. */
  readonly createEncoder: (settings: EncoderSettings, events: EncoderEvents) => PictureEncoder;
  /** The settings for a picture of this size at this moment. */
  readonly settingsFor: (size: {
    readonly width: number;
    readonly height: number;
  }) => EncoderSettings;
}

/** A row that starts anew waits so long for a new picture, then the last one is encoded again. */
const KEY_WAIT_MS = 40;
/** What stands still so long is shown better. */
const STILL_MS = 500;
const REFINEMENTS = 2;
const OBSTACLE_MS = 15;

interface Kept {
  readonly picture: Picture;
  readonly capturedAtUs: number;
  /** It was not encoded yet. */
  isFresh: boolean;
  /** It had to wait for encoder or uplink. */
  wasHeldBack: boolean;
}

/**
 * From captured pictures to stripes on the wire: the newest one wins, nothing queues. One picture is
 * kept, so that somebody who comes sees what stands still.
 */
export class PictureStream {
  readonly figures = new StreamFigures();
  readonly #parts: PictureStreamParts;
  #encoder: PictureEncoder | null = null;
  #settings: EncoderSettings | null = null;
  #kept: Kept | null = null;
  #isWanted = false;
  #keyWishedAtMs: number | null = null;
  #dueMs = 0;
  #encodedAtMs = 0;
  #lastOrderUs = 0;
  #refinements = 0;
  #frame = 0;
  #layout = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: PictureStreamParts) {
    this.#parts = parts;
  }

  /** How it encodes; null before the first picture. */
  get settings(): EncoderSettings | null {
    return this.#settings;
  }

  /** Pixels of the captured picture; null before the first. */
  get capturedSize(): { readonly width: number; readonly height: number } | null {
    return this.#kept === null ? null : sizeOf(this.#kept.picture);
  }

  get codec(): PictureEncoder['codec'] | null {
    return this.#encoder?.codec ?? null;
  }

  /** Whether somebody wants pictures; the first one is a key. */
  want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    if (isWanted) this.wishKey();
    else this.#rest();
  }

  /** Every row starts anew with the next picture, which comes soon also when nothing changes. */
  wishKey(): void {
    this.#keyWishedAtMs ??= this.#parts.nowMs();
    this.#turn();
  }

  /** Takes a picture over. */
  offer(picture: Picture, capturedAtUs: number): void {
    if (this.#kept?.isFresh === true && this.#kept.wasHeldBack) this.figures.heldBack += 1;
    this.#kept?.picture.close();
    this.#kept = { picture, capturedAtUs, isFresh: true, wasHeldBack: false };
    this.#turn();
  }

  /** Encodes nothing more and gives all pictures back. Idempotent. */
  close(): void {
    this.#isWanted = false;
    this.#rest();
    this.#kept?.picture.close();
    this.#kept = null;
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#encoder?.close();
    this.#encoder = null;
    this.figures.abandon();
    this.#keyWishedAtMs = null;
    this.#refinements = 0;
  }

  #turn(): void {
    clearTimeout(this.#timer);
    const kept = this.#kept;
    if (!this.#isWanted || kept === null) return;
    const waitMs = this.#waitMs(kept);
    if (waitMs === null) return;
    if (waitMs > 0) {
      this.#timer = setTimeout(() => this.#turn(), waitMs);
      return;
    }
    if (this.#encoder?.isBusy === true || this.#parts.isUplinkFull()) {
      kept.wasHeldBack = true;
      this.#timer = setTimeout(() => this.#turn(), OBSTACLE_MS);
      return;
    }
    this.#encode(kept);
    this.#turn();
  }

  /** Until there is something to encode; null: nothing will be. */
  #waitMs({ isFresh }: Kept): number | null {
    const nowMs = this.#parts.nowMs();
    if (isFresh) {
      const toleranceMs = this.#intervalMs / 4;
      return nowMs >= this.#dueMs - toleranceMs ? 0 : this.#dueMs - nowMs;
    }
    if (this.#keyWishedAtMs !== null) return this.#keyWishedAtMs + KEY_WAIT_MS - nowMs;
    return this.#refinements < REFINEMENTS ? this.#encodedAtMs + STILL_MS - nowMs : null;
  }

  get #intervalMs(): number {
    return 1000 / (this.#settings?.framesPerSecond ?? 30);
  }

  #encode(kept: Kept): void {
    const encoder = this.#prepare(sizeOf(kept.picture));
    const nowMs = this.#parts.nowMs();
    const isKey = this.#keyWishedAtMs !== null;
    const isRefined = !kept.isFresh && !isKey;
    const capturedAtUs = kept.isFresh ? kept.capturedAtUs : Math.round(nowMs * 1000);
    // Encoders want times that grow.
    this.#lastOrderUs = Math.max(this.#lastOrderUs + 1, capturedAtUs);
    this.#refinements = isRefined ? this.#refinements + 1 : 0;
    if (kept.isFresh) {
      const intervalMs = this.#intervalMs;
      this.#dueMs = Math.max(this.#dueMs, nowMs - intervalMs / 4) + intervalMs;
    }
    kept.isFresh = false;
    this.#keyWishedAtMs = null;
    this.#encodedAtMs = nowMs;
    this.figures.begin(this.#lastOrderUs, nowMs);
    encoder.encode(kept.picture, { capturedAtUs: this.#lastOrderUs, isKey, isRefined });
  }

  /** Another size is another layout, which begins with keys. */
  #prepare(size: { readonly width: number; readonly height: number }): PictureEncoder {
    const settings = this.#parts.settingsFor(size);
    const before = this.#settings;
    this.#settings = settings;
    if (this.#encoder !== null && before !== null && isSameSize(before, settings)) {
      if (!isSameRate(before, settings)) this.#encoder.adjust(settings);
      return this.#encoder;
    }
    this.#encoder?.close();
    this.figures.abandon();
    const encoder: PictureEncoder = this.#parts.createEncoder(settings, {
      encoded: (picture) => {
        if (this.#encoder !== encoder) return;
        this.#send(picture, settings);
        this.#turn();
      },
      failed: () => this.#replace(encoder),
    });
    this.#encoder = encoder;
    this.#layout = (this.#layout + 1) % 256;
    this.#keyWishedAtMs ??= this.#parts.nowMs();
    return encoder;
  }

  #replace(failed: PictureEncoder): void {
    if (this.#encoder !== failed) return;
    this.#encoder = null;
    this.wishKey();
  }

  #send({ stripes, unchanged, ...picture }: EncodedPicture, settings: EncoderSettings): void {
    const messages = stripes.map(({ payload, ...stripe }, place) =>
      writeStripe(
        {
          ...{ ...stripe, width: settings.width, height: settings.height },
          isLast: place === stripes.length - 1,
          isRefined: picture.isRefined,
          frame: this.#frame,
          layout: this.#layout,
          codec: this.#encoder?.codec ?? 'h264',
          capturedAtUs: picture.capturedAtUs,
        },
        payload,
      ),
    );
    if (messages.some(({ byteLength }) => byteLength > MAX_STRIPE_BYTES)) {
      this.wishKey();
      return;
    }
    if (messages.length > 0) this.#frame = (this.#frame + 1) % 2 ** 32;
    this.figures.end(picture.capturedAtUs, this.#parts.nowMs(), {
      unchanged,
      stripes: messages.length,
      bytes: messages.reduce((sum, { byteLength }) => sum + byteLength, 0),
    });
    for (const message of messages) if (!this.#parts.send(message)) this.wishKey();
  }
}

const isSameSize = (a: EncoderSettings, b: EncoderSettings): boolean =>
  a.width === b.width && a.height === b.height;

const isSameRate = (a: EncoderSettings, b: EncoderSettings): boolean =>
  a.framesPerSecond === b.framesPerSecond && a.bitrateBps === b.bitrateBps && a.hint === b.hint;
