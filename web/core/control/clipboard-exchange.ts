import type { ClipboardKind, ClipboardPart } from '../../../gateway/protocol/clipboard.ts';
import { Observable } from '../observable.ts';
import type { ViewerSocket } from '../viewer-socket.ts';
import { ContentAssembly, contentParts, largestContent } from './clipboard-content.ts';

/** What came of a content on its way. `why` is for people where it is a sentence. */
export type SendOutcome =
  { readonly result: 'taken' } | { readonly result: 'failed'; readonly sentence: string };
export type FetchOutcome =
  | { readonly result: 'content'; readonly content: Blob }
  | { readonly result: 'failed'; readonly sentence: string };

/** What the host's clipboard has. */
export interface OfferedContent {
  readonly id: number;
  readonly kinds: readonly ClipboardKind[];
}

/** How far a content is; bytes. */
export interface Transfer {
  readonly direction: 'to-host' | 'from-host';
  readonly done: number;
  readonly bytes: number;
}

interface Sending {
  readonly id: number;
  readonly parts: Iterator<ClipboardPart>;
  /** What the ping behind the last part said; null: the gateway has that part. */
  pingAt: number | null;
  readonly settle: (outcome: SendOutcome) => void;
}

interface Fetching {
  readonly id: number;
  readonly assembly: ContentAssembly;
  readonly settle: (outcome: FetchOutcome) => void;
}

/** 24 KiB each time: 1.2 MiB/s, below what the gateway passes on. */
const PART_EVERY_MS = 20;
const SILENCE_MS = 10_000;

/**
 * Carries contents between this page and the clipboard of the host, in parts, one content each way at
 * a time. It never looks into this machine's clipboard: see `SystemClipboard`.
 */
export class ClipboardExchange {
  /** What the host copied last while this page controls; null: nothing. */
  readonly offered = new Observable<OfferedContent | null>(null);
  /** What is on its way; null: nothing. */
  readonly transfer = new Observable<Transfer | null>(null);
  readonly #socket: ViewerSocket;
  readonly #off: readonly (() => void)[];
  #sending: Sending | null = null;
  #fetching: Fetching | null = null;
  #sendTimer: ReturnType<typeof setTimeout> | undefined;
  #fetchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: ViewerSocket) {
    this.#socket = socket;
    this.#off = [
      socket.on('clipboard/offer', ({ id, kinds }) => this.offered.set({ id, kinds })),
      socket.on('clipboard/part', (part) => this.#handlePart(part)),
      socket.on('viewer/pong', ({ at }) => this.#handlePong(at)),
      socket.on('clipboard/taken', ({ id }) => this.#endSending(id, { result: 'taken' })),
      socket.on('clipboard/refused', ({ id, sentence }) => this.#handleRefused(id, sentence)),
      socket.welcome.subscribe(() => {
        if (socket.welcome.value === null) this.reset();
      }),
    ];
  }

  /** Puts text (UTF-8) or a PNG into the host's clipboard; an unfinished one before it is dropped. */
  async send(content: Blob): Promise<SendOutcome> {
    const kind = kindOf(content);
    if (kind === null) return failed('The clipboard carries text and PNG images.');
    if (content.size === 0) return failed('There is nothing in it.');
    if (content.size > largestContent(kind)) return failed(tooLarge(kind));
    const bytes = new Uint8Array(await content.arrayBuffer());
    const [id = 0] = crypto.getRandomValues(new Uint32Array(1));
    if (this.#sending !== null) {
      this.#endSending(this.#sending.id, failed('Another content took its place.'));
    }
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    this.#sending = { id, parts: contentParts(id, kind, bytes), pingAt: null, settle: resolve };
    this.#sendNext();
    return promise;
  }

  /** Fetches what the host offers; the first kind when it is not said. */
  fetch(wanted?: ClipboardKind): Promise<FetchOutcome> {
    const offered = this.offered.value;
    const kind = wanted ?? offered?.kinds[0];
    if (offered === null || kind === undefined || !offered.kinds.includes(kind)) {
      return Promise.resolve(failed('The host has copied nothing of that kind.'));
    }
    this.#endFetching(failed('It was asked for again.'));
    const { id } = offered;
    const { promise, resolve } = Promise.withResolvers<FetchOutcome>();
    this.#fetching = { id, assembly: new ContentAssembly(id, kind), settle: resolve };
    const isSent = this.#socket.send({ type: 'clipboard/want', id, kind });
    if (isSent) this.#awaitPart();
    else this.#endFetching(failed('There is no connection to the gateway.'));
    return promise;
  }

  /** Drops what is on its way and what was offered: control went to somebody else. */
  reset(): void {
    const sentence = 'Control of the keyboard has ended.';
    if (this.#sending !== null) this.#endSending(this.#sending.id, failed(sentence));
    this.#endFetching(failed(sentence));
    this.offered.set(null);
  }

  /** Ends everything. Idempotent. */
  close(): void {
    for (const off of this.#off) off();
    this.reset();
  }

  /** The next part goes when the gateway has the one before: keys never stand behind two of them. */
  #sendNext(): void {
    clearTimeout(this.#sendTimer);
    const sending = this.#sending;
    if (sending === null) return;
    const next = sending.parts.next();
    const silence = failed('The host did not answer.');
    this.#sendTimer = setTimeout(() => this.#endSending(sending.id, silence), SILENCE_MS);
    if (next.done === true) return;
    sending.pingAt = performance.now();
    const ping = { type: 'viewer/ping', at: sending.pingAt, rttMs: null } as const;
    if (!this.#socket.send(next.value) || !this.#socket.send(ping)) {
      this.#endSending(sending.id, failed('There is no connection to the gateway.'));
      return;
    }
    const { offset, bytes } = next.value;
    this.transfer.set({ direction: 'to-host', done: offset, bytes });
  }

  #handlePong(at: number): void {
    const sending = this.#sending;
    if (sending === null || sending.pingAt !== at) return;
    const pauseMs = Math.max(0, PART_EVERY_MS - (performance.now() - at));
    sending.pingAt = null;
    clearTimeout(this.#sendTimer);
    this.#sendTimer = setTimeout(() => this.#sendNext(), pauseMs);
  }

  #handlePart(part: ClipboardPart): void {
    const fetching = this.#fetching;
    if (fetching?.id !== part.id) return;
    const taken = fetching.assembly.take(part);
    this.transfer.set({ direction: 'from-host', done: part.offset, bytes: part.bytes });
    if (taken === null) this.#awaitPart();
    else if (taken === 'broken') this.#endFetching(failed('The content came incomplete.'));
    else this.#endFetching({ result: 'content', content: taken });
  }

  #handleRefused(id: number, sentence: string): void {
    this.#endSending(id, failed(sentence));
    if (this.#fetching?.id === id) this.#endFetching(failed(sentence));
  }

  #awaitPart(): void {
    clearTimeout(this.#fetchTimer);
    const silence = failed('The host did not answer.');
    this.#fetchTimer = setTimeout(() => this.#endFetching(silence), SILENCE_MS);
  }

  #endSending(id: number, outcome: SendOutcome): void {
    const sending = this.#sending;
    if (sending?.id !== id) return;
    clearTimeout(this.#sendTimer);
    this.#sending = null;
    this.#rest('to-host');
    sending.settle(outcome);
  }

  #endFetching(outcome: FetchOutcome): void {
    const fetching = this.#fetching;
    if (fetching === null) return;
    clearTimeout(this.#fetchTimer);
    this.#fetching = null;
    this.#rest('from-host');
    fetching.settle(outcome);
  }

  #rest(direction: Transfer['direction']): void {
    if (this.transfer.value?.direction === direction) this.transfer.set(null);
  }
}

const kindOf = ({ type }: Blob): ClipboardKind | null => {
  const [bare = ''] = type.split(';');
  return bare === 'text/plain' || bare === 'image/png' ? bare : null;
};

const failed = (sentence: string): { readonly result: 'failed'; readonly sentence: string } => ({
  result: 'failed',
  sentence,
});

const tooLarge = (kind: ClipboardKind): string =>
  `${kind === 'text/plain' ? 'Text' : 'An image'} may have ${largestContent(kind) >> 20} MiB.`;
