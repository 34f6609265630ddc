import { LIMITS } from '../limits/limits.ts';
import { MessageBudget, type Rate } from '../limits/message-budget.ts';

/** What one message costs of one kind's rate. */
export type Cost<Kind extends string> = readonly [kind: Kind, points: number];

/** How much of each kind a peer may send. */
export interface MessageRates<Kind extends string = string> {
  readonly rates: Readonly<Record<Kind, Rate>>;
  /** What a message costs, which is JSON of any shape yet. */
  readonly costsOf: (message: unknown, bytes: number) => readonly Cost<Kind>[];
}

/** What one peer has left. */
export class MessageBudgets {
  readonly #costsOf: MessageRates['costsOf'];
  readonly #budgets: ReadonlyMap<string, MessageBudget>;
  readonly #all: MessageBudget;
  readonly #signals: MessageBudget;

  constructor({ rates, costsOf }: MessageRates, now: () => number) {
    this.#costsOf = costsOf;
    const rows = Object.entries(rates);
    this.#budgets = new Map(rows.map(([kind, rate]) => [kind, new MessageBudget(rate, now)]));
    this.#all = new MessageBudget(sumOf(Object.values(rates)), now);
    this.#signals = new MessageBudget(SIGNALS, now);
  }

  /** Pays for a message before it is looked at; false when it is too much. */
  takeAny(bytes: number): boolean {
    return this.#all.take(bytes);
  }

  /** Pays for a ping or a pong. */
  takeSignal(): boolean {
    return this.#signals.spend(1);
  }

  /** Pays for a message by its kind. */
  take(message: unknown, bytes: number): boolean {
    return this.#costsOf(message, bytes).every(
      ([kind, points]) => this.#budgets.get(kind)?.spend(points) ?? false,
    );
  }
}

const SIGNALS = { perSecond: LIMITS.socketSignalsPerSecond, burst: LIMITS.socketSignalsAtOnce };

const sumOf = (rates: readonly Rate[]): Rate => ({
  perSecond: rates.reduce((sum, { perSecond }) => sum + perSecond, 0),
  burst: rates.reduce((sum, { burst }) => sum + burst, 0),
});

/** `type` of what may be a message. */
export function typeOf(message: unknown): string {
  if (typeof message !== 'object' || message === null || !('type' in message)) return '';
  return typeof message.type === 'string' ? message.type : '';
}
