import type { Logger } from '../observability/logger.ts';
import { decideScale, isCalm } from './scaling.ts';
import type { Template } from './template.ts';

/** How many containers of a template there are to be, and by whose word. */
export class HeadCount {
  readonly #log: Logger;
  readonly #now: () => number;
  #wanted: number | null = null;
  #fixed: number | null = null;
  #advised: number | null = null;
  #changedAt = Number.NEGATIVE_INFINITY;
  #calmSince: number | null = null;

  constructor({ log, now }: { readonly log: Logger; readonly now: () => number }) {
    this.#log = log;
    this.#now = now;
  }

  /** Of a template of which there are so many now. */
  of(
    template: Template,
    count: number,
  ): { readonly wanted: number; readonly fixed: number | null; readonly advised: number } {
    const wanted = this.#wanted ?? clamp(count, template);
    return { wanted, fixed: this.#fixed, advised: this.#advised ?? wanted };
  }

  /** By an operator; null: by load. */
  fix(count: number | null): void {
    this.#fixed = count;
    if (count !== null) this.#want(count);
  }

  /** One came just now. */
  grew(): void {
    this.#changedAt = this.#now();
  }

  /** As after a start. */
  forget(): void {
    this.#wanted = null;
    this.#fixed = null;
    this.#advised = null;
    this.#changedAt = Number.NEGATIVE_INFINITY;
    this.#calmSince = null;
  }

  /** By the load of those that serve; answers how many. What is only advised is not followed. */
  decide(
    template: Template,
    now: {
      readonly count: number;
      readonly strains: readonly number[];
      readonly isFollowed: boolean;
    },
  ): number {
    this.#wanted ??= clamp(now.count, template);
    const situation = {
      ...{ strains: now.strains, wanted: this.#wanted, min: template.min, max: template.max },
      ...{ scaleUpAt: template.scaleUpAt, scaleDownAt: template.scaleDownAt },
      sinceChangeMs: this.#now() - this.#changedAt,
      pauseMs: template.pauseSeconds * 1000,
      calmMs: template.calmSeconds * 1000,
    };
    this.#calmSince = isCalm(situation) ? (this.#calmSince ?? this.#now()) : null;
    const calmForMs = this.#calmSince === null ? null : this.#now() - this.#calmSince;
    this.#advised = decideScale({ ...situation, calmForMs });
    if (now.isFollowed) {
      this.#want(this.#fixed === null ? this.#advised : clamp(this.#fixed, template));
    }
    return this.#wanted;
  }

  #want(count: number): void {
    if (count === this.#wanted) return;
    this.#log.info({ from: this.#wanted, to: count }, 'number of containers changes');
    this.#wanted = count;
    this.#changedAt = this.#now();
    this.#calmSince = null;
  }
}

const clamp = (count: number, { min, max }: Template): number =>
  Math.min(max, Math.max(min, count));
