import type { MediaMode } from '../media/messages.ts';

/** Failures of the modes of one host: what both share is said and counted once. */
export class SharedFailures {
  readonly #say: (sentence: string) => void;
  #last: { readonly mode: MediaMode; readonly message: string } | null = null;
  #held: string | null = null;
  readonly #echoes = new Set<MediaMode>();

  constructor(say: (sentence: string) => void) {
    this.#say = say;
  }

  /** A mode failed; false when the other one has just failed alike. */
  isNew(mode: MediaMode, message: string): boolean {
    const isEcho = this.#last?.mode !== mode && this.#last?.message === message;
    this.#last = isEcho ? null : { mode, message };
    if (isEcho) this.#echoes.add(mode);
    else this.#echoes.delete(mode);
    if (mode === 'webrtc' && this.#held !== null) {
      if (this.#held === message) this.#held = null;
      else this.tell();
    }
    return !isEcho;
  }

  /** Whether the last failure of a mode was the other one's too. */
  isEcho(mode: MediaMode): boolean {
    return this.#echoes.has(mode);
  }

  /** The media socket cannot be had; said once it is known whether WebRTC, if it starts, fails alike. */
  bar(message: string, isStarting: boolean): void {
    if (!isStarting && !this.isNew('websocket', message)) return;
    this.#held = message;
    if (!isStarting) this.tell();
  }

  /** Says what was held back. */
  tell(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#say(held);
  }
}
