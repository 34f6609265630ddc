import {
  CLIPBOARD_IMAGE_BYTES,
  CLIPBOARD_PART_BYTES,
  CLIPBOARD_TEXT_BYTES,
} from '../../../gateway/protocol/control-terms.ts';
import type { ClipboardKind, ClipboardPart } from '../../../gateway/protocol/clipboard.ts';

/** The most that a clipboard carries of a kind. */
export const largestContent = (kind: ClipboardKind): number =>
  kind === 'text/plain' ? CLIPBOARD_TEXT_BYTES : CLIPBOARD_IMAGE_BYTES;

/** Content in parts as they are sent. */
export function* contentParts(
  id: number,
  kind: ClipboardKind,
  content: Uint8Array,
): Generator<ClipboardPart> {
  for (let offset = 0; offset < content.length; offset += CLIPBOARD_PART_BYTES) {
    const piece = content.subarray(offset, offset + CLIPBOARD_PART_BYTES);
    const data = btoa(String.fromCharCode(...piece));
    yield { type: 'clipboard/part', id, kind, bytes: content.length, offset, data };
  }
}

/** Puts parts together that come in order. */
export class ContentAssembly {
  readonly #id: number;
  readonly #kind: ClipboardKind;
  #content: Uint8Array<ArrayBuffer> | null = null;
  #filled = 0;

  constructor(id: number, kind: ClipboardKind) {
    this.#id = id;
    this.#kind = kind;
  }

  /** Takes a part: the whole content with the last one, null before, `broken` where one is missing. */
  take({ id, kind, bytes, offset, data }: ClipboardPart): Blob | 'broken' | null {
    if (id !== this.#id) return null;
    const isFirst = this.#content === null;
    if (isFirst && bytes <= largestContent(kind)) this.#content = new Uint8Array(bytes);
    const piece = bytesOf(data);
    const content = this.#content;
    if (content === null || piece === null || kind !== this.#kind) return 'broken';
    const end = offset + piece.length;
    if (bytes !== content.length || offset !== this.#filled || end > bytes) return 'broken';
    content.set(piece, offset);
    this.#filled = end;
    return end === bytes ? new Blob([content], { type: kind }) : null;
  }
}

function bytesOf(data: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
