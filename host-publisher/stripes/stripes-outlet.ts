import { writeSound } from '../../gateway/protocol/media/sound.ts';
import { HostError } from '../host-error.ts';
import { MediaSocket } from './media-socket.ts';
import { Meter } from './meter.ts';
import { PictureFlow } from './picture-flow.ts';
import { StripesEncoder } from './stripes-encoder.ts';
import type {
  RawPicture,
  Stripes,
  StripesDemand,
  StripesFigures,
  StripesOptions,
  StripesTarget,
} from './stripes.ts';
import type { OpenRows } from './open-layout.ts';

const FIGURES_MS = 1_000;
const ALL_EXCLUDED = new HostError(
  'media',
  'Each encoder of the WebSocket mode ended the media process here.',
);

/** The WebSocket mode of a publication, in the media child. */
export class StripesOutlet implements Stripes {
  readonly #options: StripesOptions;
  readonly #socket: MediaSocket;
  readonly #flow: PictureFlow;
  readonly #meter = new Meter(Date.now());
  #encoder: StripesEncoder;
  #target: StripesTarget;
  #figures: StripesFigures;
  #sequence = 0;
  #mark: { readonly id: number; readonly atUs: number } | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StripesOptions, openRows: OpenRows) {
    this.#options = options;
    this.#target = options.target;
    const { url, token, events, encoder, excluded } = options;
    const encoders = [encoder, ...StripesEncoder.options.filter((name) => name !== encoder)].filter(
      (name) => !excluded.includes(name),
    );
    this.#encoder = encoders[0] ?? encoder;
    this.#socket = new MediaSocket({
      ...{ url, token, nowMs: Date.now },
      onLost: events.onLost,
      onBarred: events.onBarred,
      say: events.notice,
      onWelcome: events.onWelcome,
      onDemand: (demand) => this.#heed(demand),
      onReport: events.onReport,
      onKey: () => this.#flow.key(),
      onRoom: () => this.#flow.wake(),
    });
    this.#flow = new PictureFlow({
      ...{ encoders, openRows, target: options.target, meter: this.#meter, nowMs: Date.now },
      way: {
        begin: () => this.#socket.begin(),
        isFull: () => this.#socket.isFull,
      },
      onEncoder: (next) => {
        this.#encoder = next;
        events.onEncoder(next);
      },
      onSent: (capturedAtUs) => this.#tellPictured(capturedAtUs),
      onFailed: events.onBarred,
      notice: events.notice,
    });
    this.#figures = this.#read();
  }
  get demand(): StripesDemand {
    return this.#socket.demand;
  }

  get figures(): StripesFigures {
    return this.#figures;
  }

  get encoder(): StripesEncoder {
    return this.#encoder;
  }

  open(): void {
    if (this.#flow.isBarren) this.#options.events.onBarred(ALL_EXCLUDED);
    this.#socket.open();
    this.#timer ??= setInterval(() => this.#count(), FIGURES_MS);
  }

  frame(pixels: Buffer, picture: RawPicture): void {
    if (this.demand.picture > 0) this.#flow.frame(pixels, picture);
  }

  sound(packet: Buffer, capturedAtUs: number): void {
    if (this.demand.sound === 0) return;
    this.#sequence = (this.#sequence + 1) >>> 0;
    const message = writeSound({ sequence: this.#sequence, capturedAtUs, payload: packet });
    if (this.#socket.sound(message)) this.#meter.sound(message.byteLength);
  }

  tune(target: StripesTarget): void {
    this.#target = target;
    this.#flow.tune(target);
  }

  key(): void {
    this.#flow.key();
  }

  mark(mark: number): void {
    this.#mark = { id: mark, atUs: Date.now() * 1000 };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([this.#socket.close(), this.#flow.close()]);
  }

  #heed(demand: StripesDemand): void {
    if (demand.picture === 0) this.#flow.rest();
    this.#options.events.onDemand(demand);
  }

  #tellPictured(capturedAtUs: number): void {
    const mark = this.#mark;
    if (mark === null || capturedAtUs < mark.atUs) return;
    this.#mark = null;
    this.#options.events.onPictured(mark.id, capturedAtUs);
  }

  #count(): void {
    this.#figures = this.#read();
    const { picture, sound } = this.demand;
    if (picture + sound === 0) return;
    const { frames, stripes, unchanged, encodeMs, encodeMaxMs } = this.#figures;
    const counts = { frames, stripes, unchanged, encodeMs, encodeMaxMs };
    if (picture > 0) this.#socket.tell({ type: 'media/figures', ...counts });
    this.#options.events.onFigures(this.#figures);
  }

  #read(): StripesFigures {
    const { roundTripMs, queueMs } = this.#socket;
    return {
      ...this.#meter.read(Date.now()),
      encoder: this.#encoder,
      quality: this.#target.quality * this.#flow.share,
      roundTripMs,
      queueMs,
    };
  }
}
