import type { ClipboardKind } from '../../gateway/protocol/clipboard.ts';

/** Why a clipboard's content does not come. */
export class ClipboardFailure extends Error {
  readonly why: 'gone' | 'too-large';

  constructor(why: ClipboardFailure['why'], sentence: string) {
    super(sentence);
    this.why = why;
  }
}

/** The clipboard of a machine. */
export interface Clipboard {
  /** What another program put there; text is UTF-8. Fails with a {@link ClipboardFailure}. */
  read(kind: ClipboardKind, mostBytes: number): Promise<Buffer>;
  /** Puts it there; resolves when other programs find it. */
  write(kind: ClipboardKind, bytes: Buffer): Promise<void>;
  close(): void;
}
