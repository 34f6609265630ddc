import type { ClipboardKind, ClipboardPart } from '../../gateway/protocol/clipboard.ts';
import { CLIPBOARD_PART_BYTES } from '../../gateway/protocol/control-terms.ts';

/** 1.6 MB/s: below what the gateway hands on, and nothing else waits for longer than one part. */
const PART_MS = 15;

export interface OutgoingParts {
  readonly id: number;
  readonly kind: ClipboardKind;
  readonly bytes: Buffer;
  /** False: not now. */
  readonly send: (part: ClipboardPart) => boolean;
}

/** Sends a content part by part, at a measured pace, until it is whole or stopped. */
export class OutgoingContent {
  readonly #parts: OutgoingParts;
  readonly #timer: NodeJS.Timeout;
  #offset = 0;

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#next(), PART_MS);
    this.#next();
  }

  get id(): number {
    return this.#parts.id;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #next(): void {
    const { id, kind, bytes, send } = this.#parts;
    const piece = bytes.subarray(this.#offset, this.#offset + CLIPBOARD_PART_BYTES);
    const isSent = send({
      type: 'clipboard/part',
      ...{ id, kind, bytes: bytes.length, offset: this.#offset, data: piece.toString('base64') },
    });
    if (!isSent) return;
    this.#offset += piece.length;
    if (this.#offset >= bytes.length) this.stop();
  }
}
