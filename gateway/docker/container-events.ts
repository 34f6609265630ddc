import type { EventBus } from '../events/event-bus.ts';
import type { EngineEvent } from './engine.ts';
import type { EngineStanding } from './engine-watch.ts';
import type { NodeDiscovery } from './node-discovery.ts';
import type { Work } from './work.ts';

/** Tells of containers that start and end, of work at them, and of their engine. */
export class ContainerEvents {
  readonly #bus: EventBus;
  readonly #discovery: Pick<NodeDiscovery, 'nodeOf'>;
  #wasUp: boolean | null = null;

  constructor(deps: { readonly bus: EventBus; readonly discovery: Pick<NodeDiscovery, 'nodeOf'> }) {
    this.#bus = deps.bus;
    this.#discovery = deps.discovery;
  }

  happened({ id, name: container, action, exitCode }: EngineEvent): void {
    const node = this.#discovery.nodeOf(id)?.node.name ?? null;
    const place = { container, node };
    if (action === 'start') {
      this.#bus.publish({ type: 'container.started', data: { ...place, detail: 'It runs.' } });
    } else if (action === 'die' || action === 'oom') {
      const detail = action === 'oom' ? 'It had no memory left.' : 'It ended.';
      this.#bus.publish({ type: 'container.stopped', data: { ...place, detail, exitCode } });
    }
  }

  /** A piece of work is over. */
  done({ kind, container, ok, steps }: Work): void {
    this.#bus.publish({
      type: 'container.changed',
      data: { container, node: null, detail: steps.at(-1) ?? '', work: kind, ok: ok === true },
    });
  }

  turned({ isUp, identity, detail }: EngineStanding): void {
    if (isUp === this.#wasUp) return;
    this.#wasUp = isUp;
    if (isUp) {
      this.#bus.publish({ type: 'docker.up', data: { version: identity?.version ?? '' } });
    } else this.#bus.publish({ type: 'docker.down', data: { detail } });
  }
}
