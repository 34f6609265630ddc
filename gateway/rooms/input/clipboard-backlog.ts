import { LIMITS } from '../../limits/limits.ts';

/** What of all clipboards waits in the gateway, bytes. */
export class ClipboardBacklog {
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Counts what has come to wait; false when there is no room for it. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > LIMITS.clipboardWaitingBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
