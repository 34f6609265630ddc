import type { MediaMode } from '../media/plan.ts';

/** Failures of the modes of one host: what they share is said and counted once. */
export class SharedFailures {
  readonly #say: (sentence: string) => void;
  /** The last failure, and the modes that had it. */
  #last: { readonly message: string; readonly modes: Set<MediaMode> } | null = null;
  #held: string | null = null;
  readonly #echoes = new Set<MediaMode>();

  constructor(say: (sentence: string) => void) {
    this.#say = say;
  }

  /** A mode failed; false when another one has just failed alike. */
  isNew(mode: MediaMode, message: string): boolean {
    const last = this.#last;
    const isEcho = last?.message === message && !last.modes.has(mode);
    if (isEcho) last.modes.add(mode);
    else this.#last = { message, modes: new Set([mode]) };
    if (isEcho) this.#echoes.add(mode);
    else this.#echoes.delete(mode);
    if (mode === 'webrtc' && this.#held !== null) {
      if (this.#held === message) this.#held = null;
      else this.tell();
    }
    return !isEcho;
  }

  /** Whether the last failure of a mode was another one's too. */
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
