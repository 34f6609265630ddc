import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import { isHealthy } from '../rooms/nodes.ts';
import type {
  ContainerDetailsView,
  ContainersView,
  ContainerView,
  Plan,
} from '../protocol/api/containers.ts';
import type { Container, ContainerEngine, LogLine, LogWish } from './engine.ts';
import { LABELS } from './engine.ts';
import { noContainer } from './engine-failure.ts';
import type { EngineWatch } from './engine-watch.ts';
import type { Keeper, ScalingMode } from './keeper.ts';
import type { NodeDiscovery } from './node-discovery.ts';
import type { NodeHandling } from './replacement.ts';
import type { TemplateFile } from './template-file.ts';
import type { UsageBook } from './usage-book.ts';
import type { WorkBench } from './work.ts';

const STOP_SECONDS = 10;

export type ContainerAct = 'start' | 'stop' | 'restart';

export interface ContainerDeskParts {
  readonly engine: ContainerEngine;
  readonly watch: EngineWatch;
  readonly discovery: NodeDiscovery;
  readonly usage: UsageBook;
  readonly nodes: Pick<NodeHandling, 'sessionsOf'>;
  /** Undefined: there is no template. */
  readonly file: TemplateFile | undefined;
  readonly keeper: Keeper | undefined;
  readonly mode: ScalingMode;
  readonly bench: WorkBench;
  /** Without secrets of ours. */
  readonly mask: (text: string) => string;
}

/** What operators see of containers, and do with them. */
export class ContainerDesk {
  readonly #parts: ContainerDeskParts;
  #followers = 0;

  constructor(parts: ContainerDeskParts) {
    this.#parts = parts;
  }

  view(): ContainersView {
    const { watch, bench } = this.#parts;
    const { isUp, detail, identity, containers } = watch.standing;
    return {
      engine: { up: isUp, detail, version: identity?.version ?? null, api: identity?.api ?? null },
      items: containers.map((container) => this.#view(container)),
      scaling: this.#scaling(),
      work: bench.list().map((work) => ({ ...work, steps: work.steps.map(this.#parts.mask) })),
    };
  }

  /** @throws GatewayError */
  async details(key: string): Promise<ContainerDetailsView> {
    const { engine, mask } = this.#parts;
    const container = this.#find(key);
    const details = await engine.inspect(container.id);
    const labels = Object.entries(details.labels).map(([name, value]) => [name, mask(value)]);
    return {
      ...this.#view(container),
      ...details,
      labels: Object.fromEntries(labels) as Record<string, string>,
      command: details.command.map(mask),
      environment: [...details.environment],
      mounts: [...details.mounts],
    };
  }

  /** @throws GatewayError */
  async log(key: string, wish: LogWish): Promise<LogLine[]> {
    const tail = Math.min(wish.tail, LIMITS.logLines);
    const lines = await this.#parts.engine.logs(this.#find(key).id, { ...wish, tail });
    return lines.map((line) => this.#masked(line));
  }

  /** Lines as they come, until the signal. @throws GatewayError at once when there are too many readers */
  follow(key: string, wish: LogWish, signal: AbortSignal): AsyncIterable<LogLine> {
    const { id } = this.#find(key);
    if (this.#followers >= LIMITS.logFollowers) {
      throw new GatewayError('capacity', 'Too many logs are being read. Try again later.', {
        retryAfterSeconds: 10,
      });
    }
    this.#followers += 1;
    return this.#follow(id, wish, signal);
  }

  /** @throws GatewayError `node-busy` while its media server has sessions, unless forced */
  async act(
    key: string,
    act: ContainerAct,
    { force, dryRun }: { readonly force: boolean; readonly dryRun: boolean },
  ): Promise<Plan & { readonly container: string }> {
    const { engine, watch, bench, keeper } = this.#parts;
    const container = this.#find(key);
    const { id, name } = container;
    bench.requireIdle();
    const sessions = this.#sessionsOf(container);
    if (act !== 'start' && sessions > 0 && !force) {
      throw new GatewayError(
        'node-busy',
        'The media server in it still has sessions. Drain it first, or force it.',
      );
    }
    const steps = [
      `${name} is ${DONE[act]}${sessions > 0 ? `; ${sessions} sessions are lost` : ''}.`,
    ];
    if (dryRun) {
      await engine.inspect(id);
      return { container: name, dryRun, steps };
    }
    keeper?.hold(id, act === 'stop');
    await engine[act](id, STOP_SECONDS);
    await watch.lookAnew();
    return { container: name, dryRun, steps };
  }

  /** @throws GatewayError `docker-off` without a template */
  requireKeeper(): Keeper {
    const { keeper } = this.#parts;
    if (keeper !== undefined) return keeper;
    throw new GatewayError('docker-off', 'No template of containers is set.');
  }

  async *#follow(id: string, wish: LogWish, signal: AbortSignal): AsyncIterable<LogLine> {
    try {
      const lines = this.#parts.engine.followLogs(id, wish, signal);
      for await (const line of lines) yield this.#masked(line);
    } finally {
      this.#followers -= 1;
    }
  }

  #masked(line: LogLine): LogLine {
    return { ...line, text: this.#parts.mask(line.text) };
  }

  /** By name, or by its id or the beginning of it. */
  #find(key: string): Container {
    const { containers } = this.#parts.watch.standing;
    const found =
      containers.find(({ name }) => name === key) ??
      (/^[0-9a-f]{12,64}$/.test(key) ? containers.find(({ id }) => id.startsWith(key)) : undefined);
    if (found === undefined) throw noContainer();
    return found;
  }

  #sessionsOf({ id }: Container): number {
    const known = this.#parts.discovery.nodeOf(id);
    return known === undefined ? 0 : this.#parts.nodes.sessionsOf(known);
  }

  #view(container: Container): ContainerView {
    const { id, name, image, state, status, createdAt, labels } = container;
    const { discovery, usage } = this.#parts;
    const known = discovery.nodeOf(id);
    const slot = labels[LABELS.template] === undefined ? Number.NaN : Number(labels[LABELS.slot]);
    return {
      ...{ id, name, image, state, status, createdAt },
      node: known?.node.name ?? null,
      problem: discovery.problemOf(id),
      healthy: known !== undefined && isHealthy(known),
      sessions: this.#sessionsOf(container),
      slot: Number.isSafeInteger(slot) ? slot : null,
      usage: usage.of(id),
    };
  }

  #scaling(): ContainersView['scaling'] {
    const { keeper, file, mode } = this.#parts;
    if (keeper === undefined) return null;
    const problem = file?.problem ?? null;
    const scaling = keeper.scaling();
    if (scaling === null) {
      const nothing = { count: 0, wanted: 0, fixed: null, advised: 0, drift: [] };
      return { mode, problem, template: '', image: '', min: 0, max: 0, ...nothing };
    }
    const { template, drift, ...numbers } = scaling;
    const { name, image, min, max } = template;
    return {
      ...{ mode, problem, template: name, image, min, max },
      ...numbers,
      drift: drift.map(({ kind, slot, container }) => ({
        kind,
        container: container?.name ?? `${name}-${slot}`,
      })),
    };
  }
}

const DONE: Readonly<Record<ContainerAct, string>> = {
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
};
