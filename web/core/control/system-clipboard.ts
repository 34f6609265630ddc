import type { ClipboardKind } from '../../../gateway/protocol/clipboard.ts';
import { Observable } from '../observable.ts';
import type { ClipboardExchange } from './clipboard-exchange.ts';

/** What the person allows this page to do with this machine's clipboard without a click. */
export interface ClipboardConsent {
  /** What is copied here goes to the host whenever the page comes to the front. */
  readonly toHost: boolean;
  /** What is copied at the host comes into this clipboard at once. */
  readonly fromHost: boolean;
}

/** What of `navigator.clipboard` is needed; null where the page may not have it. */
export type ClipboardAccess = Pick<Clipboard, 'read' | 'write'> | null;

/** Prefer the shape that more programs paste. */
const KINDS: readonly ClipboardKind[] = ['text/plain', 'image/png'];
const NO_ACCESS = 'This browser gives the page no clipboard.';

/**
 * Ties this machine's clipboard to the host's. Without consent nothing is read or written but by a
 * person's act: a paste, or a click on "copy".
 */
export class SystemClipboard {
  readonly consent = new Observable<ClipboardConsent>({ toHost: false, fromHost: false });
  /** Why the last act failed, for people; null: it did not. */
  readonly problem = new Observable<string | null>(null);
  readonly #exchange: ClipboardExchange;
  readonly #access: ClipboardAccess;
  readonly #off: () => void;
  #lastSent = '';

  constructor(exchange: ClipboardExchange, access: ClipboardAccess) {
    this.#exchange = exchange;
    this.#access = access;
    this.#off = exchange.offered.subscribe(() => {
      this.#lastSent = '';
      if (exchange.offered.value !== null && this.consent.value.fromHost) void this.copy();
    });
  }

  /** The person allowed or forbade something in the page. */
  allow(change: Partial<ClipboardConsent>): void {
    this.consent.set({ ...this.consent.value, ...change });
  }

  /** Puts what the host copied into this clipboard; in a click, or with consent. */
  async copy(): Promise<boolean> {
    const kinds = this.#exchange.offered.value?.kinds ?? [];
    const kind = KINDS.find((each) => kinds.includes(each));
    if (this.#access === null) return this.#fail(NO_ACCESS);
    if (kind === undefined) return this.#fail('The host has copied nothing.');
    const content = this.#exchange.fetch(kind).then((outcome) => {
      if (outcome.result === 'failed') throw new Error(outcome.sentence);
      return outcome.content;
    });
    content.catch(() => undefined);
    try {
      // A promise within: Safari forgets the click while the content comes.
      await this.#access.write([new ClipboardItem({ [kind]: content })]);
      await content;
      this.problem.set(null);
      return true;
    } catch (error) {
      const refusal = await content.then(
        () => 'The browser did not let the page copy.',
        () => null,
      );
      return this.#fail(refusal ?? (error instanceof Error ? error.message : NO_ACCESS));
    }
  }

  /** Sends what was pasted, unless the host has it already. */
  async paste(content: Blob): Promise<boolean> {
    const print = await fingerprint(content);
    if (print === this.#lastSent) return true;
    const outcome = await this.#exchange.send(content);
    if (outcome.result === 'failed') return this.#fail(outcome.sentence);
    this.#lastSent = print;
    this.problem.set(null);
    return true;
  }

  /** Reads this clipboard and sends it; in a click, or with consent when the page comes to the front. */
  async sendOwn(): Promise<boolean> {
    if (this.#access === null) return this.#fail(NO_ACCESS);
    try {
      const [item] = await this.#access.read();
      const kind = KINDS.find((each) => item?.types.includes(each) === true);
      if (item === undefined || kind === undefined) return this.#fail('There is nothing to paste.');
      return await this.paste(await item.getType(kind));
    } catch {
      return this.#fail('The browser did not let the page read its clipboard.');
    }
  }

  /** The page came to the front. */
  handleFocus(): void {
    if (this.consent.value.toHost) void this.sendOwn();
  }

  /** Control went to somebody else, whose clipboard is another. */
  reset(): void {
    this.#lastSent = '';
    this.#exchange.reset();
  }

  close(): void {
    this.#off();
  }

  #fail(sentence: string): false {
    this.problem.set(sentence);
    return false;
  }
}

/** Tells contents apart; text itself, images by size and digest. */
async function fingerprint(content: Blob): Promise<string> {
  if (content.type.startsWith('text/')) return `text ${await content.text()}`;
  const bytes = new Uint8Array(await content.arrayBuffer());
  const hash = bytes.reduce((all, byte) => (Math.imul(all, 31) + byte) | 0, 7);
  return `image ${bytes.length} ${hash}`;
}
