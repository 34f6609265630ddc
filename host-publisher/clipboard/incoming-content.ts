import type {
  ClipboardKind,
  ClipboardPart,
  ClipboardRefused,
} from '../../gateway/protocol/clipboard.ts';
import {
  CLIPBOARD_IMAGE_BYTES,
  CLIPBOARD_PART_BYTES,
  CLIPBOARD_TEXT_BYTES,
} from '../../gateway/protocol/control-terms.ts';

export const CLIPBOARD_BYTES: Readonly<Record<ClipboardKind, number>> = {
  'text/plain': CLIPBOARD_TEXT_BYTES,
  'image/png': CLIPBOARD_IMAGE_BYTES,
};
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export type Refusal = Pick<ClipboardRefused, 'why' | 'sentence'>;
/** What a part leads to; `nothing` is to be said of it. */
export type Received =
  | { readonly result: 'more' | 'nothing' }
  | { readonly result: 'whole'; readonly kind: ClipboardKind; readonly bytes: Buffer }
  | ({ readonly result: 'refused' } & Refusal);

interface Content extends Pick<ClipboardPart, 'id' | 'kind' | 'bytes'> {
  readonly parts: Buffer[];
  received: number;
}

/** Puts contents together from their parts, one at a time, and checks what they are. */
export class IncomingContent {
  #content: Content | null = null;
  /** What is over: its further parts are ignored. */
  #over: number | null = null;

  take(part: ClipboardPart): Received {
    if (part.id === this.#over) return { result: 'nothing' };
    const { id, kind, bytes } = part;
    if (this.#content?.id !== id) {
      this.#content = { id, kind, bytes, parts: [], received: 0 };
      if (bytes > CLIPBOARD_BYTES[kind]) {
        const most = `${CLIPBOARD_BYTES[kind] / 1024} KiB`;
        return this.#refuse('too-large', `A clipboard carries ${most} of ${kind} at most.`);
      }
    }
    const content = this.#content;
    const data = Buffer.from(part.data, 'base64');
    const isNext =
      part.offset === content.received && kind === content.kind && bytes === content.bytes;
    const fits = data.length <= Math.min(CLIPBOARD_PART_BYTES, bytes - part.offset);
    if (!isNext || !fits || (data.length === 0 && bytes > 0)) {
      return this.#refuse('malformed', 'A part does not follow the one before.');
    }
    content.parts.push(data);
    content.received += data.length;
    return content.received === bytes ? this.#finish(content) : { result: 'more' };
  }

  /** Forgets what is unfinished. */
  drop(id?: number): void {
    if (this.#content === null || (id !== undefined && id !== this.#content.id)) return;
    this.#over = this.#content.id;
    this.#content = null;
  }

  #finish({ kind, parts }: Content): Received {
    const whole = Buffer.concat(parts);
    if (!isKind(whole, kind)) return this.#refuse('malformed', `It is not ${kind}.`);
    this.drop();
    return { result: 'whole', kind, bytes: whole };
  }

  #refuse(why: Refusal['why'], sentence: string): Received {
    this.drop();
    return { result: 'refused', why, sentence };
  }
}

/** An image is known by its signature and not decoded. */
function isKind(bytes: Buffer, kind: ClipboardKind): boolean {
  if (kind === 'image/png') return bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
