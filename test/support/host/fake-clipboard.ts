import type { ClipboardKind } from '../../../gateway/protocol/clipboard.ts';
import type { Clipboard } from '../../../host-publisher/clipboard/clipboard.ts';
import {
  ClipboardDesk,
  type ClipboardDeskParts,
  type ClipboardDirection,
} from '../../../host-publisher/clipboard/clipboard-desk.ts';

type Events = Parameters<ClipboardDeskParts['open']>[0];

/** A clipboard in memory, that can be as slow as a test wants. */
export class FakeClipboard implements Clipboard {
  readonly written: { readonly kind: ClipboardKind; readonly bytes: Buffer }[] = [];
  content: Buffer | Error = Buffer.from('hello');
  reads = 0;
  events: Events | null = null;
  closed = false;
  /** Readings wait for it. */
  gate: Promise<void> = Promise.resolve();

  async read(): Promise<Buffer> {
    this.reads += 1;
    await this.gate;
    if (this.content instanceof Error) throw this.content;
    return this.content;
  }

  write(kind: ClipboardKind, bytes: Buffer): Promise<void> {
    this.written.push({ kind, bytes });
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }
}

/** A desk on it, with all that it sends. */
export function aClipboardDesk(direction: ClipboardDirection = 'both') {
  const clipboard = new FakeClipboard();
  const sent: Parameters<ClipboardDeskParts['send']>[0][] = [];
  const desk = new ClipboardDesk({
    direction,
    open: (events) => {
      clipboard.events = events;
      return Promise.resolve(clipboard);
    },
    send: (message) => {
      sent.push(message);
      return true;
    },
  });
  const copy = (...kinds: ClipboardKind[]): number => {
    clipboard.events?.onOffer(kinds);
    const offer = sent.findLast((message) => message.type === 'clipboard/offer');
    return offer?.id ?? -1;
  };
  return { desk, clipboard, sent, copy };
}
