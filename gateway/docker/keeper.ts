import { GatewayError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { driftOf, slotOf, slotsOf, type Drift } from './drift.ts';
import { LABELS, type Container, type ContainerEngine, type ContainerSpec } from './engine.ts';
import { HeadCount } from './head-count.ts';
import { Mender, type Step } from './mender.ts';
import { replacementSteps, type NodeHandling } from './replacement.ts';
import { Retries } from './retries.ts';
import type { TemplateFile } from './template-file.ts';
import { specOf, type Template } from './template.ts';
import type { WorkBench, WorkKind } from './work.ts';

export type ScalingMode = 'off' | 'dry-run' | 'on';

export interface KeeperParts {
  readonly engine: ContainerEngine;
  readonly file: TemplateFile;
  readonly mode: ScalingMode;
  readonly label: string;
  /** By which containers are marked with what they were made by. */
  readonly key: string;
  readonly nodes: NodeHandling & {
    /** Share of what a server is to carry that it uses; null: it takes no new sources now. */
    strainOf(id: string): number | null;
    /** Whether another server takes sources. */
    isAnotherOpen(id: string): boolean;
  };
  readonly bench: WorkBench;
  readonly containers: () => readonly Container[];
  readonly look: () => Promise<void>;
  readonly onProbation: (id: string, isOn: boolean) => void;
  /** Whether it is this gateway that looks after containers. */
  readonly isOnDuty: () => boolean;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly now: () => number;
}

/** How many there are and are to be. */
export interface Scaling {
  readonly template: Template;
  readonly count: number;
  readonly wanted: number;
  /** Set by an operator until the gateway is restarted; null: by load. */
  readonly fixed: number | null;
  /** What the load would have; as wanted where it is followed. */
  readonly advised: number;
  readonly drift: readonly Drift[];
}

/** Keeps the containers of a template as it says: as many as the load needs, and each running. */
export class Keeper {
  readonly #parts: KeeperParts;
  readonly #retries: Retries;
  /** Stopped by an operator. */
  readonly #held = new Set<string>();
  readonly #heads: HeadCount;
  #duty = new AbortController();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#retries = new Retries(parts.now);
    this.#heads = new HeadCount(parts);
  }

  /** Another gateway looks after containers: what is under way is broken off, and begun anew is from the start. */
  rest(): void {
    this.#duty.abort();
    this.#duty = new AbortController();
    this.#held.clear();
    this.#heads.forget();
  }

  /** How it stands; null: there is no template that can be used. */
  scaling(): Scaling | null {
    const { template } = this.#parts.file;
    if (template === null) return null;
    const { size: count } = this.#slots(template);
    const numbers = this.#heads.of(template, count);
    return { template, count, ...numbers, drift: this.#drift(template, numbers.wanted) };
  }

  /** An operator stopped a container, or started it: it stays stopped, or not. */
  hold(id: string, isHeld: boolean): void {
    if (isHeld) this.#held.add(id);
    else this.#held.delete(id);
  }

  /** What would be done so that there are so many; null: by load. @throws GatewayError */
  planScale(count: number | null): readonly string[] {
    const { mode } = this.#parts;
    const { min, max, name } = this.#require();
    if (mode !== 'on') {
      throw new GatewayError('docker-off', `Containers are not scaled: DOCKER_SCALING is ${mode}.`);
    }
    if (count !== null && (count < min || count > max)) {
      throw new GatewayError('bad-request', `count: must be from ${min} to ${max}`);
    }
    const scaling = this.scaling();
    const before = scaling?.count ?? 0;
    const after = count ?? scaling?.advised ?? before;
    if (after === before) return [`There are ${before} of ${name}, and that stays so.`];
    return after > before
      ? [`${after - before} of ${name} are added, one after the other.`]
      : [`${before - after} of ${name} are drained, then removed, one after the other.`];
  }

  /** Sets how many there are; null: by load. @throws GatewayError */
  scale(count: number | null): void {
    this.planScale(count);
    this.#heads.fix(count);
    void this.tick();
  }

  /** Looks whether something is to be done, and begins with it. Never rejects. */
  async tick(): Promise<void> {
    const { file, mode, bench, log } = this.#parts;
    await file.refresh();
    const { template } = file;
    if (template === null || !this.#parts.isOnDuty()) return;
    const wanted = this.#decide(template);
    if (mode !== 'on' || bench.isBusy || this.#parts.signal.aborted) return;
    const due = this.#drift(template, wanted).find(
      (drift) => drift.kind !== 'outdated' && this.#retries.isDue(keyOf(drift)),
    );
    if (due === undefined) return;
    log.info({ container: nameOf(due, template), drift: due.kind }, 'container is repaired');
    this.#mend(due, template, null);
  }

  /** What an upgrade of one container to an image would do. @throws GatewayError */
  async planUpgrade(
    image: string,
    { force }: { readonly force: boolean },
  ): Promise<{ readonly container: Container; readonly steps: readonly string[] }> {
    const template = this.#require();
    const { engine, bench, nodes } = this.#parts;
    bench.requireIdle();
    const container = this.#leastBusy(template, image);
    if (!(await engine.hasImage(image))) {
      throw new GatewayError(
        'bad-request',
        'image: the engine has none of this name; pull it there first',
      );
    }
    if (!force && !nodes.isAnotherOpen(container.id)) {
      throw new GatewayError(
        'node-busy',
        'No other media server takes sources. Add one first, or force it.',
      );
    }
    return {
      container,
      steps: replacementSteps(container, image, template, this.#sessionsOf(container)),
    };
  }

  /** Gives one container another image, tries it, and goes back when it does not serve. @throws GatewayError */
  async upgrade(
    image: string,
    { force, by }: { readonly force: boolean; readonly by: string },
  ): Promise<{ readonly container: Container; readonly steps: readonly string[] }> {
    const plan = await this.planUpgrade(image, { force });
    const template = this.#require();
    const slot = slotOf(plan.container, template.name) ?? 1;
    const spec = this.#spec(template, slot, image);
    this.#parts.bench.begin({ kind: 'upgrade', container: spec.name, by }, (step) =>
      this.#mender(template, step).replace(plan.container, spec),
    );
    return plan;
  }

  /** Repairs the first thing that is not as the template says, also by replacement. @throws GatewayError */
  repair({ by, dryRun }: { readonly by: string; readonly dryRun: boolean }): {
    readonly container: string | null;
    readonly steps: readonly string[];
  } {
    const template = this.#require();
    const { count, wanted } = this.scaling() ?? { count: 0, wanted: 0 };
    const drifts = this.#drift(template, this.#parts.mode === 'on' ? wanted : count);
    const [first] = drifts;
    if (first === undefined) return { container: null, steps: ['All is as the template says.'] };
    this.#parts.bench.requireIdle();
    if (!dryRun) this.#mend(first, template, by);
    const steps = drifts.map((drift) => `${nameOf(drift, template)} is ${drift.kind}.`);
    return { container: nameOf(first, template), steps };
  }

  #decide(template: Template): number {
    const { nodes, mode } = this.#parts;
    const slots = this.#slots(template);
    const strains = [...slots.values()].flatMap(({ id }) => nodes.strainOf(id) ?? []);
    return this.#heads.decide(template, { count: slots.size, strains, isFollowed: mode === 'on' });
  }

  #mend(drift: Drift, template: Template, by: string | null): void {
    const { slot, container, kind } = drift;
    const name = nameOf(drift, template);
    const begin = (work: WorkKind, deed: (step: Step) => Promise<boolean>): void =>
      this.#parts.bench.begin({ kind: work, container: name, by }, async (step) => {
        const ok = await deed(step).catch((error: unknown) => {
          step(error instanceof Error ? error.message : String(error));
          return false;
        });
        this.#retries.note(keyOf(drift), ok);
        return ok;
      });
    const mender = (step: Step) => this.#mender(template, step);
    const spec = this.#spec(template, slot, template.image);
    if (container === null) {
      begin('add', async (step) => {
        const ok = await mender(step).add(spec);
        if (ok) this.#heads.grew();
        return ok;
      });
    } else if (kind === 'stopped') begin('start', (step) => mender(step).start(container));
    else if (kind === 'surplus') begin('take-away', (step) => mender(step).takeAway(container));
    else if (kind === 'left-over') {
      const next = this.#slots(template).get(slot);
      begin('tidy', (step) => mender(step).tidy(container, next, spec.name));
    } else begin('repair', (step) => mender(step).replace(container, spec));
  }

  #mender(template: Template, step: Step): Mender {
    const signal = AbortSignal.any([this.#parts.signal, this.#duty.signal]);
    return new Mender({ ...this.#parts, signal, template, step });
  }

  #drift(template: Template, wanted: number): Drift[] {
    return driftOf(this.#parts.containers(), {
      ...{ template: template.name, wanted },
      specOf: (slot) => this.#spec(template, slot, template.image).labels[LABELS.spec],
      isHeld: ({ id }) => this.#held.has(id),
    });
  }

  #spec(template: Template, slot: number, image: string): ContainerSpec {
    const { label, key } = this.#parts;
    return specOf(template, { slot, image, label, key });
  }

  #slots(template: Template): ReadonlyMap<number, Container> {
    return slotsOf(this.#parts.containers(), template.name);
  }

  #leastBusy(template: Template, image: string): Container {
    const running = [...this.#slots(template).values()].filter(
      (each) => each.state === 'running' && each.image !== image,
    );
    const [first] = running.toSorted((a, b) => this.#sessionsOf(a) - this.#sessionsOf(b));
    if (first !== undefined) return first;
    throw new GatewayError(
      'not-found',
      'No container of the template runs that has another image.',
    );
  }

  #sessionsOf({ id }: Container): number {
    const { nodes } = this.#parts;
    const known = nodes.nodeOf(id);
    return known === undefined ? 0 : nodes.sessionsOf(known);
  }

  #require(): Template {
    const { template, problem } = this.#parts.file;
    if (template !== null) return template;
    throw new GatewayError('docker-off', problem ?? 'No template of containers is set.');
  }
}

const keyOf = ({ kind, slot }: Drift): string => `${kind} ${slot}`;

const nameOf = ({ container, slot }: Drift, template: Template): string =>
  container?.name ?? `${template.name}-${slot}`;
