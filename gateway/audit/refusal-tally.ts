import { addressKey } from '../limits/address-key.ts';
import type { ProblemCode } from '../protocol/problem.ts';
import type { Refusal } from './refusal.ts';

/** Refusals of a window that are told one by one: of one address, and in all. */
const TOLD = { perAddress: 20, inAll: 1_000 };
/** Addresses whose further refusals are counted apart; those of more are counted together. */
const COUNTED_ADDRESSES = 200;

/** How many refusals were not told one by one. */
export interface RefusalCount {
  /** An IPv6 address counts as its /64; undefined: of further addresses together. */
  readonly address: string | undefined;
  readonly count: number;
  readonly codes: Readonly<Partial<Record<ProblemCode, number>>>;
}

/** Decides which refusals of a window are told, and counts the others: a flood is a few lines. */
export class RefusalTally {
  readonly #told = new Map<string, number>();
  readonly #counted = new Map<string | undefined, Map<ProblemCode, number>>();
  #toldInAll = 0;

  /** True when this one is to be told; else it is counted. */
  take({ address, code }: Refusal): boolean {
    const key = addressKey(address);
    const told = this.#told.get(key) ?? 0;
    if (told < TOLD.perAddress && this.#toldInAll < TOLD.inAll) {
      this.#told.set(key, told + 1);
      this.#toldInAll += 1;
      return true;
    }
    this.#count(key, code);
    return false;
  }

  /** Ends the window: what was counted in it. */
  drain(): readonly RefusalCount[] {
    const counts = [...this.#counted].map(([address, codes]) => ({
      address,
      count: [...codes.values()].reduce((sum, count) => sum + count, 0),
      codes: Object.fromEntries(codes),
    }));
    this.#told.clear();
    this.#counted.clear();
    this.#toldInAll = 0;
    return counts;
  }

  #count(key: string, code: ProblemCode): void {
    const apart = this.#counted.has(key) || this.#counted.size < COUNTED_ADDRESSES;
    const name = apart ? key : undefined;
    const codes = this.#counted.get(name) ?? new Map<ProblemCode, number>();
    codes.set(code, (codes.get(code) ?? 0) + 1);
    this.#counted.set(name, codes);
  }
}
