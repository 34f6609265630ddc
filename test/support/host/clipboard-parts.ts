import type { ClipboardKind, ClipboardPart } from '../../../gateway/protocol/clipboard.ts';
import { CLIPBOARD_PART_BYTES } from '../../../gateway/protocol/control-terms.ts';

export const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** A content as its parts. */
export function clipboardParts(id: number, kind: ClipboardKind, bytes: Buffer): ClipboardPart[] {
  const count = Math.max(1, Math.ceil(bytes.length / CLIPBOARD_PART_BYTES));
  return Array.from({ length: count }, (_, index) => {
    const offset = index * CLIPBOARD_PART_BYTES;
    const data = bytes.subarray(offset, offset + CLIPBOARD_PART_BYTES).toString('base64');
    return { type: 'clipboard/part', id, kind, bytes: bytes.length, offset, data };
  });
}

/** The content of parts of one id that came in order. */
export function joinParts(messages: readonly { readonly type: string }[], id: number): Buffer {
  const parts = messages.filter(
    (message): message is ClipboardPart =>
      message.type === 'clipboard/part' && (message as ClipboardPart).id === id,
  );
  return Buffer.concat(parts.map(({ data }) => Buffer.from(data, 'base64')));
}
