import type { Container, ContainerEngine, UsageSample } from './engine.ts';
import { usageBetween, type Usage } from './usage.ts';

/** Of an engine at once. */
const AT_ONCE = 4;

interface Told {
  readonly sample: UsageSample;
  readonly usage: Usage;
}

/** What each container that runs uses, asked for with `ask` and read from memory. */
export class UsageBook {
  readonly #engine: Pick<ContainerEngine, 'usage'>;
  #known: ReadonlyMap<string, Told> = new Map();
  #asking: Promise<void> | undefined;

  constructor(engine: Pick<ContainerEngine, 'usage'>) {
    this.#engine = engine;
  }

  /** Of one container; null: it does not run, or did not answer. */
  of(id: string): Usage | null {
    return this.#known.get(id)?.usage ?? null;
  }

  /** Asks about each of them; joins a round that is under way. Never rejects. */
  ask(containers: readonly Container[]): Promise<void> {
    this.#asking ??= this.#ask(containers).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(containers: readonly Container[]): Promise<void> {
    const running = containers.filter(({ state }) => state === 'running');
    const known = new Map<string, Told>();
    const rest = running.values();
    const work = async (): Promise<void> => {
      for (const { id } of rest) {
        const sample = await this.#engine.usage(id).catch(() => null);
        // Docker tells year 1 of one that has just ended.
        if (sample === null || !(sample.at > 0)) continue;
        const before = this.#known.get(id)?.sample ?? null;
        known.set(id, { sample, usage: usageBetween(before, sample) });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    this.#known = known;
  }
}
