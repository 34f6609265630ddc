import type { EngineCommand, EngineEvent, EngineOpening } from './engine-messages.ts';
import { StripesEngine } from './stripes-engine.ts';

/** What an engine is made for. */
export interface EngineHostOptions {
  readonly url: string;
  readonly token: string;
  readonly canvas: HTMLCanvasElement;
  readonly thread?: 'worker' | 'page';
}

/**
 * Runs a {@link StripesEngine} in a worker, or in the page where there are no workers that draw. A
 * canvas that was given to a worker cannot come back, so this is decided before.
 */
export class EngineHost {
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #worker: Worker | null;
  readonly #engine: StripesEngine | null;

  constructor(options: EngineHostOptions, onEvent: (event: EngineEvent) => void) {
    const { url, token, canvas } = options;
    this.#onEvent = onEvent;
    this.#worker = options.thread === 'page' || !canDrawInWorkers() ? null : startWorker();
    if (this.#worker === null) {
      this.#engine = new StripesEngine({ url, token, canvas }, onEvent);
      return;
    }
    this.#engine = null;
    this.#worker.onmessage = ({ data }: MessageEvent<EngineEvent>) => onEvent(data);
    this.#worker.onerror = () => this.#handleBroken();
    const opening: EngineOpening = { url, token, canvas: canvas.transferControlToOffscreen() };
    this.#worker.postMessage(opening, [opening.canvas as OffscreenCanvas]);
  }

  /** `transfer`: what in the command must not be copied. */
  tell(command: EngineCommand, transfer: Transferable[] = []): void {
    if (this.#worker === null) this.#engine?.handle(command);
    else this.#worker.postMessage(command, transfer);
  }

  /** Idempotent. */
  close(): void {
    this.#engine?.handle({ type: 'stop' });
    this.#worker?.terminate();
  }

  /** Its module could not be loaded, or it broke. */
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
