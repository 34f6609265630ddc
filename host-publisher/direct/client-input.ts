import type { InputRefused } from '../../gateway/protocol/input.ts';
import { MessageBudget } from './message-budget.ts';

const REFUSAL_GAP_MS = 1_000;

export interface ClientInputParts {
  /** A frame of one that may control, unread. */
  readonly onFrame: (text: string) => void;
  /** To the client, by its reliable channel. */
  readonly reply: (text: string) => void;
  /** To the client, by the channel that asked. */
  readonly echo: (text: string) => void;
  /** It sends what no client of ours does: its channels are closed. */
  readonly onHostile: () => void;
}

/** What comes by a client's data channels, before anybody reads it. */
export class ClientInput {
  readonly #parts: ClientInputParts;
  readonly #budget = new MessageBudget();
  #mayControl = false;
  #refusedAtMs = -Infinity;

  constructor(parts: ClientInputParts) {
    this.#parts = parts;
  }

  /** Whether it holds control of any device. */
  admit(mayControl: boolean): void {
    this.#mayControl = mayControl;
  }

  /** A message; null: it is no text, or too large. */
  hear(text: string | null, nowMs: number): void {
    if (text === null || !this.#budget.take(nowMs)) this.#parts.onHostile();
    else if (text.startsWith('{"type":"viewer/ping"')) this.#pong(text);
    else if (this.#mayControl) this.#parts.onFrame(text);
    else this.#refuse(nowMs);
  }

  /** Proves the path, to here and back. */
  #pong(text: string): void {
    const at = timeOf(text);
    if (at === null) this.#parts.onHostile();
    else this.#parts.echo(JSON.stringify({ type: 'viewer/pong', at }));
  }

  #refuse(nowMs: number): void {
    if (nowMs - this.#refusedAtMs < REFUSAL_GAP_MS) return;
    this.#refusedAtMs = nowMs;
    const refused: InputRefused = {
      type: 'input/refused',
      why: 'not-holder',
      sentence: 'You do not control this host.',
    };
    this.#parts.reply(JSON.stringify(refused));
  }
}

function timeOf(text: string): number | null {
  try {
    const ping = JSON.parse(text) as { readonly at?: unknown };
    return typeof ping.at === 'number' ? ping.at : null;
  } catch {
    return null;
  }
}
