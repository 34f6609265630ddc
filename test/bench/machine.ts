import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** One line that says on what, and beside what other load, figures were taken. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memoryGiB = (totalmem() / 2 ** 30).toFixed(1);
  const [one = 0, five = 0] = loadavg();
  const load = `load ${one.toFixed(2)} (1 min) ${five.toFixed(2)} (5 min)`;
  const software = `${process.platform} ${release()}, Node ${process.versions.node}`;
  return `${model}, ${availableParallelism()} cores, ${memoryGiB} GiB, ${software}, ${load}`;
}
