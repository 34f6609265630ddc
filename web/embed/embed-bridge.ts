import { Observable } from '../core/observable.ts';
import { EMBED_VERSION, embedMessage, readEmbedCommand } from './embed-protocol.ts';
import type { EmbedCommand, EmbedControl, EmbedEvent, EmbedState } from './embed-protocol.ts';

/** What a bridge needs of its window; tests hand in a fake. */
export interface FramedWindow {
  readonly parent: Pick<Window, 'postMessage'>;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** What the page around asks for beside tokens. */
export type EmbedOrder = Extract<EmbedCommand, { type: 'player' | 'control' }>;

/**
 * A framed watch page's side of `postMessage`. The gateway's `frame-ancestors` decides who may frame
 * it at all; the first `hello` of the page around settles the one origin that it speaks to.
 */
export class EmbedBridge {
  /** Empty until a token is known. */
  readonly token: Observable<string>;
  readonly #window: FramedWindow;
  readonly #listeners = new Set<(order: EmbedOrder) => void>();
  #origin: string | null = null;
  #state: EmbedState | null = null;
  #control: EmbedControl | null = null;

  /** `token`: that of the frame's address, empty without. Lasts as long as the page. */
  constructor(window: FramedWindow, token: string) {
    this.#window = window;
    this.token = new Observable(token);
    window.addEventListener('message', (event) => this.#hear(event));
  }

  /** Calls `listener` with what the page around asks for, until the returned function is called. */
  onOrder(listener: (order: EmbedOrder) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells what plays, where it differs from what was told. */
  tellState(state: EmbedState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#say({ type: 'state', ...state });
  }

  tellControl(control: EmbedControl): void {
    if (JSON.stringify(control) === JSON.stringify(this.#control)) return;
    this.#control = control;
    this.#say({ type: 'control', ...control });
  }

  #hear({ source, origin, data }: MessageEvent): void {
    if (source !== this.#window.parent || origin === 'null') return;
    if (this.#origin !== null && origin !== this.#origin) return;
    const command = readEmbedCommand(data);
    if (command === null) return;
    if (command === 'unsupported') {
      const refusal: EmbedEvent = { type: 'unsupported', versions: [EMBED_VERSION] };
      this.#window.parent.postMessage(embedMessage(refusal), origin);
      return;
    }
    if (command.type === 'hello') this.#greet(origin, command.token);
    else if (this.#origin !== null) this.#obey(command);
  }

  #greet(origin: string, token: string | undefined): void {
    this.#origin = origin;
    this.#say({ type: 'ready' });
    if (this.#state !== null) this.#say({ type: 'state', ...this.#state });
    if (this.#control !== null) this.#say({ type: 'control', ...this.#control });
    if (token !== undefined) this.token.set(token);
  }

  #obey(command: Exclude<EmbedCommand, { type: 'hello' }>): void {
    if (command.type === 'token') this.token.set(command.token);
    else for (const listener of this.#listeners) listener(command);
  }

  #say(event: EmbedEvent): void {
    if (this.#origin !== null) this.#window.parent.postMessage(embedMessage(event), this.#origin);
  }
}
