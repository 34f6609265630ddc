import { RESET_EVENT } from '../../../gateway/protocol/api/events.ts';
import type { BackOff } from '../../core/back-off.ts';
import { backOffMs } from '../../core/back-off.ts';
import type { BrowserPort } from '../../core/browser-port.ts';
import { Observable } from '../../core/observable.ts';
import { SseReader } from './sse-reader.ts';

/** What events are about: the word before the dot of their type. */
export type Topic = 'room' | 'source' | 'session' | 'control' | 'host' | 'recording' | 'node';

const COME_AGAIN: BackOff = { first: 1_000, last: 30_000 };
/** A server that has no such stream, or not for us, is asked again after this. */
const REFUSED_MS = 120_000;
/** The server says something every 15 s. */
const SILENT_MS = 45_000;

export interface NewsOptions {
  readonly url: string;
  /** Empty: by cookie or password, which the browser adds. */
  readonly token: string;
}

/**
 * What happens at the gateway, told at once. By `fetch` and not `EventSource`, which can send no
 * token. It comes again by itself; without it pages ask at intervals.
 */
export class News {
  /** Whether what happens is told now. */
  readonly isOpen = new Observable(false);
  readonly #port: Pick<BrowserPort, 'fetch' | 'random'>;
  readonly #options: NewsOptions;
  readonly #listeners = new Set<(topic: string) => void>();
  #lastId: string | null = null;
  #abort: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(port: Pick<BrowserPort, 'fetch' | 'random'>, options: NewsOptions) {
    this.#port = port;
    this.#options = options;
  }

  /** Listens until the returned function is called. */
  start(): () => void {
    void this.#listen();
    return () => this.#close();
  }

  /** Calls `listener` with the topic of every event until the returned function is called. */
  subscribe(listener: (topic: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #listen(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    let pauseMs: number | null = null;
    try {
      const response = await this.#port.fetch(this.#options.url, {
        headers: this.#headers(),
        cache: 'no-store',
        signal: abort.signal,
      });
      if (response.ok && response.body !== null) {
        this.isOpen.set(true);
        // What happened while nobody listened is in the lists.
        this.#tell('*');
        await this.#readBody(response.body, abort);
      } else if (response.status < 500 && response.status !== 429) pauseMs = REFUSED_MS;
    } catch {
      // Lost, or closed by this side: both come to what follows.
    }
    clearTimeout(this.#silence);
    this.isOpen.set(false);
    if (this.#abort !== abort) return;
    pauseMs ??= backOffMs(COME_AGAIN, this.#failures, this.#port.random());
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.#listen(), pauseMs);
  }

  async #readBody(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const events = new SseReader();
    for (;;) {
      clearTimeout(this.#silence);
      this.#silence = setTimeout(() => abort.abort(), SILENT_MS);
      const { done, value } = await reader.read();
      if (done) return;
      this.#failures = 0;
      for (const event of events.read(decoder.decode(value, { stream: true }))) {
        this.#lastId = event.id ?? this.#lastId;
        // What was missed is in the lists, too.
        this.#tell(event.type === RESET_EVENT ? '*' : (event.type.split('.')[0] ?? ''));
      }
    }
  }

  #headers(): Record<string, string> {
    const { token } = this.#options;
    return {
      Accept: 'text/event-stream',
      ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
      ...(this.#lastId === null ? {} : { 'Last-Event-ID': this.#lastId }),
    };
  }

  #tell(topic: string): void {
    for (const listener of [...this.#listeners]) listener(topic);
  }

  #close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    const abort = this.#abort;
    this.#abort = null;
    abort?.abort();
  }
}
