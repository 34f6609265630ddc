import { randomInt } from 'node:crypto';
import type {
  ClipboardKind,
  ClipboardOffer,
  ClipboardPart,
  ClipboardRefused,
  ClipboardTaken,
  ClipboardWant,
} from '../../gateway/protocol/clipboard.ts';
import { ClipboardFailure, type Clipboard } from './clipboard.ts';
import { CLIPBOARD_BYTES, IncomingContent, type Refusal } from './incoming-content.ts';
import { OutgoingContent } from './outgoing-content.ts';

export const CLIPBOARD_DIRECTIONS = ['both', 'to-host', 'from-host', 'off'] as const;
/** What goes between the clipboards of host and viewer. */
export type ClipboardDirection = (typeof CLIPBOARD_DIRECTIONS)[number];

export interface ClipboardDeskParts {
  readonly direction: ClipboardDirection;
  readonly open: (events: {
    readonly onOffer: (kinds: readonly ClipboardKind[]) => void;
    readonly onLost: () => void;
  }) => Promise<Clipboard>;
  readonly send: (
    message: ClipboardOffer | ClipboardPart | ClipboardRefused | ClipboardTaken,
  ) => boolean;
}

const NOT_HELD: Refusal = { why: 'not-holder', sentence: 'Nobody controls the keyboard.' };
const NOT_ALLOWED: Refusal = { why: 'not-allowed', sentence: 'This host does not allow it.' };
const AWAY: Refusal = { why: 'gone', sentence: 'The clipboard of this host does not answer.' };

/**
 * The clipboard of a host for the one who controls its keyboard: who comes later hears only of what
 * is copied from then on, and what was under way for somebody else is dropped.
 */
export class ClipboardDesk {
  readonly #parts: ClipboardDeskParts;
  readonly #incoming = new IncomingContent();
  #outgoing: OutgoingContent | null = null;
  #clipboard: Promise<Clipboard> | null = null;
  #epoch: number | null = null;
  #offer: ClipboardOffer | null = null;
  #id = randomInt(0x7fff_ffff);
  #want: ClipboardWant | null = null;
  #reading = false;
  #writes: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: ClipboardDeskParts) {
    this.#parts = parts;
  }

  /** Who holds the keyboard now, by the epoch; null: nobody. */
  held(epoch: number | null): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#incoming.drop();
    this.#outgoing?.stop();
    this.#outgoing = null;
    this.#offer = null;
    this.#want = null;
    if (epoch !== null && this.#parts.direction !== 'off') {
      this.#open().catch(() => undefined);
    }
  }

  obey(command: ClipboardWant | ClipboardPart | ClipboardRefused): void {
    switch (command.type) {
      case 'clipboard/want':
        this.#wanted(command);
        break;
      case 'clipboard/part':
        this.#take(command);
        break;
      case 'clipboard/refused':
        this.#incoming.drop(command.id);
        if (this.#outgoing?.id === command.id) this.#outgoing.stop();
    }
  }

  async close(): Promise<void> {
    this.held(null);
    this.#closed = true;
    const clipboard = await this.#clipboard?.catch(() => null);
    clipboard?.close();
  }

  #open(): Promise<Clipboard> {
    if (this.#clipboard !== null) return this.#clipboard;
    const opened = this.#parts.open({
      onOffer: (kinds) => this.#offered(kinds),
      onLost: () => {
        if (this.#clipboard === opened) this.#clipboard = null;
      },
    });
    this.#clipboard = opened;
    opened.catch(() => {
      this.#clipboard = null;
    });
    return opened;
  }

  #allows(direction: 'to-host' | 'from-host'): boolean {
    return this.#parts.direction === 'both' || this.#parts.direction === direction;
  }

  #offered(kinds: readonly ClipboardKind[]): void {
    this.#offer = null;
    if (this.#epoch === null || this.#closed || !this.#allows('from-host')) return;
    this.#id += 1;
    this.#offer = { type: 'clipboard/offer', id: this.#id, kinds: [...kinds] };
    this.#parts.send(this.#offer);
  }

  #wanted(want: ClipboardWant): void {
    if (!this.#allows('from-host')) {
      this.#refuse(want.id, NOT_ALLOWED);
      return;
    }
    this.#want = want;
    if (!this.#reading) void this.#readWanted();
  }

  /** One reading at a time, of what was wanted last. */
  async #readWanted(): Promise<void> {
    this.#reading = true;
    for (let want = this.#want; want !== null; want = this.#want) {
      this.#want = null;
      await this.#deliver(want);
    }
    this.#reading = false;
  }

  async #deliver({ id, kind }: ClipboardWant): Promise<void> {
    const epoch = this.#epoch;
    const isOffered = (): boolean => this.#offer?.id === id && this.#offer.kinds.includes(kind);
    try {
      if (!isOffered()) throw new ClipboardFailure('gone', 'It is not in the clipboard any more.');
      const bytes = await (await this.#open()).read(kind, CLIPBOARD_BYTES[kind]);
      if (epoch !== this.#epoch) return;
      if (!isOffered()) throw new ClipboardFailure('gone', 'It is not in the clipboard any more.');
      this.#outgoing?.stop();
      this.#outgoing = new OutgoingContent({ id, kind, bytes, send: this.#parts.send });
    } catch (error) {
      if (epoch !== this.#epoch) return;
      const { why, sentence } = refusalOf(error);
      this.#refuse(id, { why, sentence });
    }
  }

  #take(part: ClipboardPart): void {
    if (this.#epoch === null || !this.#allows('to-host')) {
      if (part.offset === 0) this.#refuse(part.id, this.#epoch === null ? NOT_HELD : NOT_ALLOWED);
      return;
    }
    const received = this.#incoming.take(part);
    if (received.result === 'refused') this.#refuse(part.id, received);
    if (received.result !== 'whole') return;
    const { kind, bytes } = received;
    this.#writes = this.#writes.then(() => this.#write(part.id, kind, bytes));
  }

  async #write(id: number, kind: ClipboardKind, bytes: Buffer): Promise<void> {
    try {
      const clipboard = await this.#open();
      await clipboard.write(kind, bytes);
      this.#offer = null;
      this.#parts.send({ type: 'clipboard/taken', id });
    } catch (error) {
      this.#refuse(id, refusalOf(error));
    }
  }

  #refuse(id: number, { why, sentence }: Refusal): void {
    this.#parts.send({ type: 'clipboard/refused', id, why, sentence });
  }
}

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ClipboardFailure)) return AWAY;
  return { why: error.why, sentence: error.message };
}
