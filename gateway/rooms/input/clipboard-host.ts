import type { ClipboardPart, ClipboardRefused, ClipboardWant } from '../../protocol/clipboard.ts';
import type { PacedChannel } from './part-outlet.ts';

/** A host's clipboard, as far as the gateway sees it. */
export interface ClipboardHost extends PacedChannel<
  ClipboardPart | ClipboardRefused | ClipboardWant
> {
  readonly hasClipboard: boolean;
}
