import type { ClipboardKind, ClipboardPart, ClipboardRefused } from '../../protocol/clipboard.ts';
import { CLIPBOARD_IMAGE_BYTES, CLIPBOARD_TEXT_BYTES } from '../../protocol/control-terms.ts';

const MOST: Readonly<Record<ClipboardKind, number>> = {
  'text/plain': CLIPBOARD_TEXT_BYTES,
  'image/png': CLIPBOARD_IMAGE_BYTES,
};

/** `dropped`: of a content that was refused, or is whole already. */
export type PartVerdict = 'next' | 'last' | 'dropped' | ClipboardRefused['why'];

/** Follows the parts of one content after the other: without gaps, and no more than was said. */
export class ContentReader {
  #id: number | null = null;
  #kind: ClipboardKind = 'text/plain';
  #bytes = 0;
  #read = 0;
  #over = true;

  /** The content that is under way; null: none. */
  get unfinished(): number | null {
    return this.#over ? null : this.#id;
  }

  /** The content that came last. */
  get last(): number | null {
    return this.#id;
  }

  /** What to do with a part. A new id drops what was unfinished. */
  read(part: ClipboardPart): PartVerdict {
    if (part.id !== this.#id) this.#begin(part);
    if (this.#over) return 'dropped';
    const verdict = this.#judge(part);
    this.#over = verdict !== 'next';
    return verdict;
  }

  /** Nothing more of the content that is under way counts. */
  drop(): void {
    this.#over = true;
  }

  /** As if nothing had come. */
  forget(): void {
    this.#over = true;
    this.#id = null;
  }

  #begin({ id, kind, bytes }: ClipboardPart): void {
    this.#id = id;
    this.#kind = kind;
    this.#bytes = bytes;
    this.#read = 0;
    this.#over = false;
  }

  #judge({ kind, bytes, offset, data }: ClipboardPart): Exclude<PartVerdict, 'dropped'> {
    if (bytes > MOST[kind]) return 'too-large';
    const isSame = kind === this.#kind && bytes === this.#bytes && offset === this.#read;
    const length = Buffer.byteLength(data, 'base64');
    const end = offset + length;
    if (!isSame || end > bytes || (length === 0 && bytes > 0)) return 'malformed';
    this.#read = end;
    return end === bytes ? 'last' : 'next';
  }
}
