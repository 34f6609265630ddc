import type { ClipboardKind, ClipboardRefused } from '../../protocol/clipboard.ts';
import type { ControlPolicy } from '../../protocol/control.ts';

/** Whether a direction lets this kind through. */
export const lets = (direction: ControlPolicy['clipboardToHost'], kind: ClipboardKind): boolean =>
  direction === 'all' || (direction === 'text' && kind === 'text/plain');

/** Says of a content why it does not go on. */
export const refusalOf = (id: number, why: ClipboardRefused['why']): ClipboardRefused => ({
  type: 'clipboard/refused',
  id,
  why,
  sentence: SENTENCES[why],
});

const SENTENCES: Readonly<Record<ClipboardRefused['why'], string>> = {
  'not-holder': 'Only whoever controls the keyboard uses the clipboard.',
  'not-allowed': 'The clipboard does not go this way here.',
  'too-large': 'The clipboard holds more than may go over.',
  gone: 'The clipboard holds something else now.',
  malformed: 'A piece of the clipboard is missing or doubled.',
  'too-many': 'Too much is under way. Try again.',
};
