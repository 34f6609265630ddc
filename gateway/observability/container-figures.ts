import { Counter, Gauge, type Registry } from 'prom-client';
import type { ContainerDesk } from '../docker/container-desk.ts';
import type { Work, WorkBench } from '../docker/work.ts';
import type { ContainersView } from '../protocol/api/containers.ts';

/** `pixelcast_docker_…`; without an engine their names alone. Nodes are the only label that is no fixed word. */
export function watchContainers(
  registry: Registry,
  desk: Pick<ContainerDesk, 'view'> | undefined,
  bench?: WorkBench,
): void {
  const registers = [registry];
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: (
      view: ContainersView,
      set: (value: number, labels?: Record<Label, string>) => void,
    ) => void,
  ) =>
    new Gauge({
      ...{ name: `pixelcast_docker_${name}`, help, labelNames, registers },
      collect() {
        this.reset();
        if (desk === undefined) {
          // Without labels a gauge stands at 0 after a reset.
          if (labelNames.length === 0) this.remove();
          return;
        }
        read(desk.view(), (value, labels) =>
          this.set((labels ?? {}) as Record<Label, string>, value),
        );
      },
    });
  gauge('up', '1 while the Docker engine answers; absent where none is set.', [], (view, set) =>
    set(view.engine?.up === true ? 1 : 0),
  );
  gauge('containers', 'Containers with our label, by state.', ['state'], ({ items }, set) => {
    for (const [state, those] of Map.groupBy(items, (item) => item.state)) {
      set(those.length, { state });
    }
  });
  gauge('wanted_containers', 'Containers of the template that there are to be.', [], (view, set) =>
    set(view.scaling?.wanted ?? 0),
  );
  gauge('drift', 'Containers that are not as the template says, by how.', ['kind'], (view, set) => {
    for (const kind of ['missing', 'stopped', 'outdated', 'left-over', 'surplus'] as const) {
      set(view.scaling?.drift.filter((drift) => drift.kind === kind).length ?? 0, { kind });
    }
  });
  gauge(
    'cpu_ratio',
    'CPU that the container of a node uses: 1 is a core.',
    ['node'],
    (view, set) => {
      for (const { node, usage } of view.items) {
        if (node !== null && usage?.cpuShare != null) set(usage.cpuShare, { node });
      }
    },
  );
  gauge(
    'memory_bytes',
    'Memory of the container of a node, without cached files.',
    ['node'],
    (view, set) => {
      for (const { node, usage } of view.items)
        if (node !== null && usage !== null) set(usage.memoryBytes, { node });
    },
  );
  const done = new Counter({
    name: 'pixelcast_docker_work_total',
    help: 'Work at containers that is over, by what it was and whether it went well.',
    labelNames: ['work', 'result'] as const,
    registers,
  });
  bench?.observe(({ kind, ok }: Work) =>
    done.inc({ work: kind, result: ok === true ? 'ok' : 'failed' }),
  );
}
