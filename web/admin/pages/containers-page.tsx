import { useCallback } from 'react';
import {
  listContainers,
  repairContainers,
  restartContainer,
  scaleContainers,
  startContainer,
  stopContainer,
} from '../../../gateway/protocol/api/containers.ts';
import type { ContainerView, ScalingView } from '../../../gateway/protocol/api/containers.ts';
import { showFraction, UNKNOWN } from '../../ui/quantity.ts';
import { useConsole, useLive } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { readingState } from '../core/reading.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Badge } from '../parts/badge.tsx';
import { Card } from '../parts/card.tsx';
import { ContainerWork } from '../parts/container-work.tsx';
import { DataTable } from '../parts/data-table.tsx';
import type { Column } from '../parts/data-table.tsx';
import { Facts } from '../parts/facts.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { useAct } from '../use-act.ts';

const MIB = 1024 * 1024;

/** Media servers in containers, how many there are to be, and what was done to them. */
export function ContainersPage() {
  const { api } = useConsole();
  const read = useCallback(() => api.call(listContainers), [api]);
  const live = useLive(read, [], 3_000);
  return (
    <PageFrame
      title="Containers"
      testId="containers-page"
      state={readingState(live.reading)}
      lead="Containers with our label at one Docker engine. No other container is seen or touched."
    >
      <ReadingView live={live}>
        {({ engine, items, scaling, work }) =>
          engine === null ? (
            <p className="empty card">Docker is off: DOCKER_ENGINE is not set.</p>
          ) : (
            <>
              {!engine.up && <p className="notice problem">{engine.detail}</p>}
              <section className="card" aria-label="Containers">
                <DataTable
                  label="Containers"
                  testId="containers"
                  columns={[...columns, acts(live.refresh)]}
                  rows={items}
                  keyOf={({ id }) => id}
                  marksOf={({ name }) => ({ 'data-container': name })}
                  empty="No container has our label."
                />
              </section>
              {scaling !== null && <ScalingCard scaling={scaling} onDone={live.refresh} />}
              <ContainerWork work={work} />
            </>
          )
        }
      </ReadingView>
    </PageFrame>
  );
}

function ScalingCard({
  scaling,
  onDone,
}: {
  readonly scaling: ScalingView;
  readonly onDone: () => Promise<void>;
}) {
  const { api } = useConsole();
  const act = useAct();
  const { template, count, wanted, min, max, fixed, mode, drift, image, problem } = scaling;
  const scale = async (to: number | null) => {
    await act(() => api.call(scaleContainers, { body: { count: to } }), 'That many it will be.');
    await onDone();
  };
  const repair = async () => {
    await act(() => api.call(repairContainers, { body: {} }), 'The repair has begun.');
    await onDone();
  };
  return (
    <Card
      title={`Template ${template}`}
      testId="scaling"
      actions={
        <>
          <ActButton disabled={wanted <= min} act={() => scale(wanted - 1)}>
            One less
          </ActButton>
          <ActButton disabled={wanted >= max} act={() => scale(wanted + 1)}>
            One more
          </ActButton>
          <ActButton disabled={fixed === null} act={() => scale(null)}>
            By load
          </ActButton>
          <ActButton disabled={drift.length === 0} testId="repair-containers" act={repair}>
            Repair
          </ActButton>
        </>
      }
    >
      {problem !== null && <p className="notice problem">{problem}</p>}
      <Facts
        facts={[
          ['Containers', `${count} of ${wanted}, from ${min} to ${max}`],
          ['Number', fixed === null ? `by load (${mode})` : 'set by an operator'],
          ['Image', image],
          [
            'Not as the template says',
            drift.map(({ container, kind }) => `${container} ${kind}`).join(', ') || 'nothing',
          ],
        ]}
      />
    </Card>
  );
}

const columns: readonly Column<ContainerView>[] = [
  {
    key: 'name',
    title: 'Container',
    kind: 'head',
    cell: ({ name }) => <PageLink to={consolePath('containers', name)}>{name}</PageLink>,
  },
  {
    key: 'state',
    title: 'State',
    cell: ({ state, healthy }) => (
      <Badge tone={state !== 'running' ? 'bad' : healthy ? 'good' : 'warm'}>{state}</Badge>
    ),
  },
  { key: 'image', title: 'Image', cell: ({ image }) => image },
  {
    key: 'node',
    title: 'Media server',
    cell: ({ node, problem }) =>
      node === null ? (
        (problem ?? UNKNOWN)
      ) : (
        <PageLink to={consolePath('nodes', node)}>{node}</PageLink>
      ),
  },
  { key: 'sessions', title: 'Sessions', kind: 'number', cell: ({ sessions }) => sessions },
  {
    key: 'cpu',
    title: 'CPU',
    kind: 'number',
    cell: ({ usage }) => (usage?.cpuShare == null ? UNKNOWN : showFraction(usage.cpuShare)),
  },
  {
    key: 'memory',
    title: 'Memory, MiB',
    kind: 'number',
    cell: ({ usage }) => (usage === null ? UNKNOWN : Math.round(usage.memoryBytes / MIB)),
  },
];

const acts = (onDone: () => Promise<void>): Column<ContainerView> => ({
  key: 'acts',
  title: 'What can be done',
  kind: 'action',
  cell: (container) => <Acts container={container} onDone={onDone} />,
});

function Acts({
  container: { name, state },
  onDone,
}: {
  readonly container: ContainerView;
  readonly onDone: () => Promise<void>;
}) {
  const { api } = useConsole();
  const act = useAct();
  const input = { params: { container: name }, query: {} };
  const deed = (begin: () => Promise<unknown>, done: string) => async () => {
    await act(begin, done);
    await onDone();
  };
  if (state !== 'running') {
    return (
      <ActButton
        label={`Start ${name}`}
        act={deed(() => api.call(startContainer, input), `${name} is started.`)}
      >
        Start
      </ActButton>
    );
  }
  return (
    <>
      <ActButton
        label={`Restart ${name}`}
        act={deed(() => api.call(restartContainer, input), `${name} is restarted.`)}
      >
        Restart
      </ActButton>
      <ActButton
        label={`Stop ${name}`}
        act={deed(() => api.call(stopContainer, input), `${name} is stopped.`)}
      >
        Stop
      </ActButton>
    </>
  );
}
