import {
  getContainer,
  getContainerLog,
  listContainers,
  RepairRequest,
  repairContainers,
  restartContainer,
  scaleContainers,
  ScaleRequest,
  startContainer,
  stopContainer,
  upgradeContainer,
  UpgradeRequest,
  type ContainersView,
  type Plan,
} from '../../protocol/api/containers.ts';
import { UsageError, type Arguments, type Command, type Output, type Target } from '../command.ts';
import { parseAs } from '../names.ts';
import { printable, printBytes, printTable, printTime } from '../print.ts';

const ACTS = { start: startContainer, stop: stopContainer, restart: restartContainer } as const;

export const containers: Command = {
  usage: 'containers [container|act] [act|value]',
  about:
    'media servers in containers: all, one, or `name start|stop|restart|log`, `scale 3|auto`, `upgrade image`, `repair`',
  flags: {
    'dry-run': { about: 'say what would be done, and do nothing' },
    force: { about: 'also while there are sessions, or no other server' },
    tail: { takes: 'lines', about: 'of log: the last so many (200)' },
  },
  run: async (given, connect) => {
    const [name, word] = given.positionals;
    const target = connect();
    if (name === undefined) {
      const view = await target.api.call(listContainers);
      return { data: view, text: told(view) };
    }
    if (name === 'scale' || name === 'upgrade' || name === 'repair') {
      return planned(await ofTemplate(target, name, word, given));
    }
    if (word === undefined) return await inspect(target, name);
    if (word === 'log') return await log(target, name, given);
    if (!isAct(word)) throw new UsageError(`Write start, stop, restart or log, not "${word}".`);
    const query = { force: flag(given, 'force'), dryRun: flag(given, 'dry-run') };
    return planned(await target.api.call(ACTS[word], { params: { container: name }, query }));
  },
};

const isAct = (word: string): word is keyof typeof ACTS => Object.hasOwn(ACTS, word);

const flag = ({ has }: Arguments, name: string): 'true' | 'false' => (has(name) ? 'true' : 'false');

/** @throws UsageError, ApiProblem */
async function ofTemplate(
  { api }: Target,
  act: 'scale' | 'upgrade' | 'repair',
  word: string | undefined,
  { has }: Arguments,
): Promise<Plan> {
  const dryRun = has('dry-run');
  switch (act) {
    case 'scale': {
      const count = word === 'auto' ? null : Number(word);
      const body = parseAs(ScaleRequest, { count, dryRun }, 'scale');
      return await api.call(scaleContainers, { body });
    }
    case 'upgrade': {
      const body = parseAs(UpgradeRequest, { image: word, force: has('force'), dryRun }, 'upgrade');
      return await api.call(upgradeContainer, { body });
    }
    case 'repair':
      return await api.call(repairContainers, {
        body: parseAs(RepairRequest, { dryRun }, 'repair'),
      });
  }
}

async function log({ api }: Target, container: string, { text }: Arguments): Promise<Output> {
  const query = text('tail') === '' ? {} : { tail: Number(text('tail')) };
  const { items } = await api.call(getContainerLog, { params: { container }, query });
  const lines = items.map((line) => `${printTime(line.at)} ${line.stream} ${printable(line.text)}`);
  return { data: items, text: lines.join('\n') };
}

async function inspect({ api }: Target, container: string): Promise<Output> {
  const details = await api.call(getContainer, { params: { container } });
  const rows = Object.entries(details).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return { data: details, text: printTable(['WHAT', 'VALUE'], rows) };
}

const planned = (plan: Plan): Output => ({
  data: plan,
  text: [
    ...(plan.dryRun ? ['Nothing was done. It would be:'] : []),
    ...plan.steps.map(printable),
  ].join('\n'),
});

function told({ engine, items, scaling, work }: ContainersView): string {
  if (engine === null) return 'Docker is off: DOCKER_ENGINE is not set.';
  const rows = items.map((each) => [
    ...[each.name, each.image, each.status, each.node, each.sessions],
    each.usage === null ? null : percent(each.usage.cpuShare),
    each.usage === null ? null : printBytes(each.usage.memoryBytes),
    each.problem,
  ]);
  const titles = ['CONTAINER', 'IMAGE', 'STATE', 'NODE', 'SESSIONS', 'CPU', 'MEMORY', 'PROBLEM'];
  const number =
    scaling === null
      ? []
      : [
          `${scaling.template}: ${scaling.count} of ${scaling.wanted}, from ${scaling.min} to ${scaling.max}, scaling ${scaling.mode}`,
        ];
  const drift = scaling?.drift.map(({ container, kind }) => `${container} is ${kind}.`) ?? [];
  const [last] = work;
  const steps = last?.steps.map((step) => `  ${step}`) ?? [];
  const done = last === undefined ? [] : [`${last.kind} of ${last.container}: ${outcome(last.ok)}`];
  return [
    `Docker ${engine.version ?? ''}: ${engine.detail}`,
    printTable(titles, rows),
    ...[...number, ...drift, ...done, ...steps].map(printable),
  ].join('\n');
}

const percent = (share: number | null): string | null =>
  share === null ? null : `${Math.round(share * 100)} %`;

const outcome = (ok: boolean | null): string =>
  ok === null ? 'under way' : ok ? 'done' : 'failed';
