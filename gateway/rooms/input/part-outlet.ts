import { LIMITS } from '../../limits/limits.ts';
import type { ClipboardPart } from '../../protocol/clipboard.ts';
import type { ClipboardBacklog } from './clipboard-backlog.ts';

/** A socket that tells when what was sent has arrived. */
export interface PacedChannel<Out> {
  send(message: Out): void;
  /** Calls once the peer has all that was sent until now; never when the socket ends before. */
  onceRead(act: () => void): void;
}

/**
 * Sends the parts of a clipboard one by one: the next when the peer has the one before, and no
 * more than so many bytes a second. What is sent meanwhile waits for no more than one part.
 */
export class PartOutlet {
  readonly channel: PacedChannel<ClipboardPart>;
  readonly #backlog: ClipboardBacklog;
  readonly #waiting: ClipboardPart[] = [];
  #nextAt = 0;
  #unread = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(channel: PacedChannel<ClipboardPart>, backlog: ClipboardBacklog) {
    this.channel = channel;
    this.#backlog = backlog;
  }

  /** Takes a part along; false when too much waits already. */
  push(part: ClipboardPart): boolean {
    if (!this.#backlog.take(part.data.length)) return false;
    this.#waiting.push(part);
    this.#pump();
    return true;
  }

  /** Drops what waits. */
  clear(): void {
    for (const { data } of this.#waiting) this.#backlog.give(data.length);
    this.#waiting.length = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #pump(): void {
    const [part] = this.#waiting;
    if (part === undefined || this.#unread || this.#timer !== undefined) return;
    const now = performance.now();
    if (now < this.#nextAt) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#pump();
      }, this.#nextAt - now).unref();
      return;
    }
    this.#waiting.shift();
    this.#backlog.give(part.data.length);
    const bytes = Buffer.byteLength(part.data, 'base64');
    this.#nextAt = now + (bytes / LIMITS.clipboardBytesPerSecond) * 1000;
    this.#unread = true;
    this.channel.send(part);
    this.channel.onceRead(() => {
      this.#unread = false;
      this.#pump();
    });
  }
}
