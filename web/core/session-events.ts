import type { EventName, Reconnect, ViewerCount } from '../../gateway/protocol/events.ts';
import type { LayersEvent } from '../../gateway/protocol/layers.ts';
import type { BrowserPort } from './browser-port.ts';

/** Relations of the WHEP server-sent events extension, and of the same for who publishes. */
export const EVENTS_RELS = {
  watch: 'urn:ietf:params:whep:ext:core:server-sent-events',
  publish: 'urn:ietf:params:whip:ext:pixelcast:server-sent-events',
};

/** Whom a session's events are told to. What is absent is not asked for. */
export interface SessionEventHandlers {
  /** Whether somebody publishes; null when nobody tells any more. */
  readonly onPublisher?: (live: boolean | null) => void;
  /** How many watch; null when nobody tells any more. */
  readonly onViewers?: (count: number | null) => void;
  /** Which layers there are. */
  readonly onLayers?: (layers: LayersEvent) => void;
  /** The server gives the session up: another one is to be opened now. `isLive`: somebody publishes. */
  readonly onReconnect: (isLive: boolean) => void;
  /** Connected: the end of the session will be seen as `onBroken`. */
  readonly onOpen: () => void;
  /** The connection broke, perhaps because the session ended. */
  readonly onBroken: () => void;
}

/** HTTP/1.1 has six connections per server for all tabs together, and requests need some. */
const PLACES = 3;
const SUBSCRIBE_TIMEOUT_MS = 8_000;
/** `EventSource.CLOSED`, which tests have not. */
const CLOSED = 2;

/**
 * What the server tells about one session while it lasts. All of it is a convenience: without a
 * stream (an older server, a proxy in between, too many tabs) nothing is told, and media and
 * polling say the rest.
 */
export class SessionEvents {
  readonly #port: BrowserPort;
  readonly #handlers: SessionEventHandlers;
  #source: EventSource | null = null;
  #release: (() => void) | null = null;
  #open = true;

  constructor(port: BrowserPort, url: string, handlers: SessionEventHandlers) {
    this.#port = port;
    this.#handlers = handlers;
    void this.#subscribe(url);
  }

  /** Tells nothing more. Idempotent. */
  close(): void {
    this.#open = false;
    this.#source?.close();
    this.#source = null;
    this.#release?.();
    this.#release = null;
  }

  async #subscribe(url: string): Promise<void> {
    try {
      const release = await this.#takePlace();
      if (release === null) return;
      this.#release = release;
      const streamUrl = this.#isOpen() ? await this.#createStream(url) : null;
      if (this.#isOpen() && streamUrl !== null) this.#listen(streamUrl);
      else this.close();
    } catch {
      this.close();
    }
  }

  async #takePlace(): Promise<(() => void) | null> {
    for (let place = 0; place < PLACES; place += 1) {
      const release = await this.#port.takePlace(`pixelcast-events-${place}`);
      if (release !== null) return release;
    }
    return null;
  }

  async #createStream(url: string): Promise<string | null> {
    const response = await this.#port.fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(wantedBy(this.#handlers)),
      cache: 'no-store',
      signal: AbortSignal.timeout(SUBSCRIBE_TIMEOUT_MS),
    });
    const location = response.headers.get('Location');
    return response.status === 201 && location !== null ? new URL(location, url).href : null;
  }

  #listen(url: string): void {
    const source = this.#port.openEventSource(url);
    this.#source = source;
    const { onOpen, onPublisher, onViewers, onLayers, onReconnect } = this.#handlers;
    source.onopen = () => onOpen();
    this.#on(source, 'active', () => onPublisher?.(true));
    this.#on(source, 'inactive', () => onPublisher?.(false));
    this.#on(source, 'viewercount', (data) => {
      const count = readCount(data);
      if (count !== null) onViewers?.(count);
    });
    this.#on(source, 'layers', (data) => {
      const layers = readLayers(data);
      if (layers !== null) onLayers?.(layers);
    });
    this.#on(source, 'reconnect', (data) => onReconnect(saysLive(data)));
    source.onerror = () => this.#handleError(source);
  }

  #on(source: EventSource, name: EventName, handle: (data: string) => void): void {
    source.addEventListener(name, ({ data }: MessageEvent<unknown>) => {
      if (this.#isOpen()) handle(typeof data === 'string' ? data : '');
    });
  }

  /** A lost connection is opened again by the browser, an answer other than 200 is final. */
  #handleError({ readyState }: EventSource): void {
    if (!this.#isOpen()) return;
    if (readyState === CLOSED) {
      this.close();
      this.#handlers.onViewers?.(null);
    }
    this.#handlers.onPublisher?.(null);
    this.#handlers.onBroken();
  }

  #isOpen(): boolean {
    return this.#open;
  }
}

function wantedBy(handlers: SessionEventHandlers): readonly EventName[] {
  return [
    ...(handlers.onPublisher === undefined ? [] : (['active', 'inactive'] as const)),
    ...(handlers.onViewers === undefined ? [] : (['viewercount'] as const)),
    'reconnect',
    ...(handlers.onLayers === undefined ? [] : (['layers'] as const)),
  ];
}

function readCount(data: string): number | null {
  try {
    const { viewercount } = JSON.parse(data) as Partial<ViewerCount>;
    return typeof viewercount === 'number' && viewercount >= 0 ? viewercount : null;
  } catch {
    return null;
  }
}

function saysLive(data: string): boolean {
  try {
    return (JSON.parse(data) as Partial<Reconnect>).live === true;
  } catch {
    return false;
  }
}

function readLayers(data: string): LayersEvent | null {
  try {
    const layers = JSON.parse(data) as LayersEvent;
    const isWhole = Object.values(layers).every(
      ({ active, inactive }) => Array.isArray(active) && Array.isArray(inactive),
    );
    return isWhole ? layers : null;
  } catch {
    return null;
  }
}
