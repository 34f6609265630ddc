import { readProcessTree } from './process-tree.ts';

/** Shares of one core by process; the media process is a child of the agent's and not counted there. */
export type Usage = Readonly<Record<string, number>>;

/** Says later what each process tree used of one core since now. */
export function usageOf(processes: Readonly<Record<string, number>>): () => Usage {
  const read = (): [string, number][] =>
    Object.entries(processes).map(([name, pid]) => [name, readProcessTree(pid).cpuSeconds]);
  const [startedAt, first] = [performance.now(), new Map(read())];
  return () => {
    const elapsed = (performance.now() - startedAt) / 1000;
    const used = Object.fromEntries(
      read().map(([name, seconds]) => [name, (seconds - (first.get(name) ?? 0)) / elapsed]),
    );
    const { agent, media = 0 } = used;
    return agent === undefined ? used : { ...used, agent: agent - media };
  };
}

export const describeUsage = (usage: Usage): string =>
  Object.entries(usage)
    .map(([name, share]) => `${name} ${(share * 100).toFixed(1)} %`)
    .join(', ');

/** What each picture costs, with so many a second. */
export const describePerPicture = (usage: Usage, perSecond: number): string =>
  Object.entries(usage)
    .map(([name, share]) => `${name} ${((share * 1000) / perSecond).toFixed(2)} ms`)
    .join(', ');
