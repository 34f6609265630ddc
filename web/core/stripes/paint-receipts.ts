/**
 * Sends receipts for painted pictures: at once, but not for a second one before the first was shown,
 * so that a screen or a graphics process that is slow slows the sender.
 */
export class PaintReceipts {
  readonly #send: (frame: number) => void;
  readonly #onceShown: (listener: () => void) => void;
  #isWaiting = false;
  #next: number | null = null;

  constructor(parts: {
    readonly send: (frame: number) => void;
    readonly onceShown: (listener: () => void) => void;
  }) {
    this.#send = parts.send;
    this.#onceShown = parts.onceShown;
  }

  /** A picture was drawn; a receipt covers all that came before. */
  painted(frame: number): void {
    if (this.#isWaiting) this.#next = frame;
    else this.#sendNow(frame);
  }

  /** What was painted belongs to a connection that is no more. */
  forget(): void {
    this.#next = null;
  }

  #sendNow(frame: number): void {
    this.#send(frame);
    this.#isWaiting = true;
    this.#onceShown(() => {
      this.#isWaiting = false;
      const next = this.#next;
      this.#next = null;
      if (next !== null) this.#sendNow(next);
    });
  }
}
