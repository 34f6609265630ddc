import type { EngineCommand, EngineEvent, EngineOpening } from './engine-messages.ts';
import { StripesEngine } from './stripes-engine.ts';
import { onNewToken, tokenNow } from '../token-source.ts';
import type { TokenSource } from '../token-source.ts';

/** What an engine is made for. */
export interface EngineHostOptions {
  readonly url: string;
  readonly token: TokenSource;
  readonly canvas: HTMLCanvasElement;
  readonly thread?: 'worker' | 'page';
}

/** A worker that says nothing for so long is not waited for. */
const WORKER_MS = 4_000;

/**
 * Runs a {@link StripesEngine} in a worker, or in the page where there are no workers that draw, or
 * none comes up. A canvas that was given to a worker cannot come back, so it is given to one that runs.
 */
export class EngineHost {
  readonly #options: EngineHostOptions;
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #worker: Worker | null;
  readonly #offToken: () => void;
  /** Absent until it is known who hears. */
  #say: ((command: EngineCommand, transfer: Transferable[]) => void) | null = null;
  #unsaid: (readonly [EngineCommand, Transferable[]])[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EngineHostOptions, onEvent: (event: EngineEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
    this.#offToken = onNewToken(options.token, (token) => this.tell({ type: 'token', token }));
    this.#worker = options.thread === 'page' || !canDrawInWorkers() ? null : startWorker();
    if (this.#worker === null) this.#runHere();
    else this.#await(this.#worker);
  }

  /** `transfer`: what in the command must not be copied. */
  tell(command: EngineCommand, transfer: Transferable[] = []): void {
    if (this.#say === null) this.#unsaid.push([command, transfer]);
    else this.#say(command, transfer);
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#offToken();
    this.tell({ type: 'stop' });
    this.#worker?.terminate();
  }

  #await(worker: Worker): void {
    const giveUp = (): void => {
      worker.terminate();
      this.#runHere();
    };
    this.#timer = setTimeout(giveUp, WORKER_MS);
    worker.onerror = giveUp;
    worker.onmessage = () => this.#handOver(worker);
  }

  #handOver(worker: Worker): void {
    clearTimeout(this.#timer);
    const { url, token, canvas } = this.#options;
    const opening: EngineOpening = {
      url,
      token: tokenNow(token),
      canvas: canvas.transferControlToOffscreen(),
    };
    worker.onmessage = ({ data }: MessageEvent<EngineEvent>) => this.#onEvent(data);
    worker.onerror = () => this.#handleBroken();
    worker.postMessage(opening, [opening.canvas as OffscreenCanvas]);
    this.#hear((command, transfer) => worker.postMessage(command, transfer));
  }

  #runHere(): void {
    clearTimeout(this.#timer);
    const { url, token, canvas } = this.#options;
    const engine = new StripesEngine({ url, token: tokenNow(token), canvas }, this.#onEvent);
    this.#hear((command) => engine.handle(command));
  }

  #hear(say: (command: EngineCommand, transfer: Transferable[]) => void): void {
    this.#say = say;
    for (const [command, transfer] of this.#unsaid.splice(0)) say(command, transfer);
  }

  /** It breaks with the canvas, which is lost to this page. */
  #handleBroken(): void {
    const problem = { code: 'network', status: null, detail: '', retryAfterMs: null } as const;
    this.#onEvent({ type: 'state', state: { kind: 'failed', problem } });
  }
}

/** Safari drew in workers years after it had `OffscreenCanvas`. */
function canDrawInWorkers(): boolean {
  if (!('Worker' in globalThis) || !('OffscreenCanvas' in globalThis)) return false;
  if (!('transferControlToOffscreen' in HTMLCanvasElement.prototype)) return false;
  try {
    return new OffscreenCanvas(1, 1).getContext('2d') !== null;
  } catch {
    return false;
  }
}

/** Null where pages may start none: workers of modules are younger than workers. */
function startWorker(): Worker | null {
  try {
    return new Worker(new URL('./stripes-worker.ts', import.meta.url), { type: 'module' });
  } catch {
    return null;
  }
}
