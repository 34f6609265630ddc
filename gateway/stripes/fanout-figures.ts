/** Why stripes did not go to a viewer. */
export type DropReason = 'window' | 'queue' | 'key';

/** Sums over all feeds since the start. */
export class FanoutFigures {
  pictures = 0;
  stripes = 0;
  sounds = 0;
  bytesIn = 0;
  bytesOut = 0;
  keysAsked = 0;
  readonly dropped: Record<DropReason, number> = { window: 0, queue: 0, key: 0 };
  soundsDropped = 0;
  readonly #onReceipt: (ageMs: number) => void;

  /** `onReceipt` is told how long each picture took from its sending to its receipt. */
  constructor(onReceipt: (ageMs: number) => void) {
    this.#onReceipt = onReceipt;
  }

  receipt(ageMs: number): void {
    this.#onReceipt(ageMs);
  }
}
