import { z } from 'zod';
import { CLIPBOARD_IMAGE_BYTES, CLIPBOARD_PART_BYTES } from './control-terms.ts';

/** What a clipboard may carry here. */
export const ClipboardKind = z.enum(['text/plain', 'image/png']);
export type ClipboardKind = z.infer<typeof ClipboardKind>;

/** Names one content of a clipboard; its owner's, unused before. */
const id = z.int().min(0).max(0xffff_ffff);
const bytes = z.int().min(0).max(CLIPBOARD_IMAGE_BYTES);

/** The host's clipboard has something new; no content goes before it is wanted. */
export const ClipboardOffer = z.strictObject({
  type: z.literal('clipboard/offer'),
  id,
  kinds: z.array(ClipboardKind).min(1).max(2),
});
export type ClipboardOffer = z.infer<typeof ClipboardOffer>;

/** Whoever controls the keyboard wants what was offered. */
export const ClipboardWant = z.strictObject({
  type: z.literal('clipboard/want'),
  id,
  kind: ClipboardKind,
});
export type ClipboardWant = z.infer<typeof ClipboardWant>;

/** A piece of a content, in order; a new id drops what was unfinished. Both ways. */
export const ClipboardPart = z.strictObject({
  type: z.literal('clipboard/part'),
  id,
  kind: ClipboardKind,
  /** Of the whole. */
  bytes,
  /** Where this piece begins. */
  offset: bytes,
  data: z.base64().max((CLIPBOARD_PART_BYTES / 3) * 4),
});
export type ClipboardPart = z.infer<typeof ClipboardPart>;

/** A content will not come, or was not taken. Both ways. */
export const ClipboardRefused = z.strictObject({
  type: z.literal('clipboard/refused'),
  id,
  why: z.enum(['not-holder', 'not-allowed', 'too-large', 'gone', 'malformed', 'too-many']),
  /** For people. */
  sentence: z.string().max(200),
});
export type ClipboardRefused = z.infer<typeof ClipboardRefused>;

/** A content has arrived whole and is in the clipboard there. Host to viewer. */
export const ClipboardTaken = z.strictObject({ type: z.literal('clipboard/taken'), id });
export type ClipboardTaken = z.infer<typeof ClipboardTaken>;
