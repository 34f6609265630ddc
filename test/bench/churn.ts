/** `npm run bench:churn`: thousands of joins and leaves, and what they leave behind. */
import { setTimeout as delay } from 'node:timers/promises';
import { BenchReport } from './bench-report.ts';
import { ChurnCrowd, type ChurnCount } from './churn-crowd.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { describeDistribution, distributionOf } from './distribution.ts';
import { runningSrs, startEngine, type MediaServer } from './media-server.ts';
import { memoryGrowth, type MemoryPoint } from './memory-growth.ts';
import { readProcessTree, type ProcessUsage } from './process-tree.ts';

const flags = readCommandLine(
  'Churn: viewers come and go, 16 at once, under a publisher that is replaced again and again.',
  {
    joins: { about: 'joins in all', value: '10000' },
    parallel: { about: 'viewers under way at once', value: '16' },
    publishers: { about: 'how often the publisher is replaced', value: '12' },
    'time-limit': { about: 'seconds after which no more joins are made', value: '900' },
    url: { about: 'API of a running server instead of the engine', value: '' },
    pid: { about: 'its process id', value: '' },
  },
);
const joins = toNumber(flags.joins);
const report = new BenchReport('Churn of viewers and publishers');
const server =
  flags.url === ''
    ? await startEngine({ env: { ENGINE_INACTIVITY_MS: '3000', ENGINE_SWEEP_MS: '500' } })
    : runningSrs(flags.url, flags.pid === '' ? null : toNumber(flags.pid), 0);
try {
  await measure(server);
} finally {
  await server.close();
}
report.finish(flags.strict);
// The library keeps a process alive once a peer has lived in it.
process.exit();

async function measure(target: MediaServer): Promise<void> {
  const crowd = new ChurnCrowd(target, {
    parallel: toNumber(flags.parallel),
    joinsPerPublisher: Math.ceil(joins / toNumber(flags.publishers)),
    nameFreeMs: flags.url === '' ? 8000 : 40_000,
    endAt: performance.now() + toNumber(flags['time-limit']) * 1000,
  });
  await print('at the start', target);
  const part = Math.floor(joins / 10);
  const startedAt = performance.now();
  const points: (MemoryPoint & ProcessUsage)[] = [];
  // The first tenth warms allocators and JIT: growth counts from its end.
  for (const [share, name] of [
    [1, 'after 10 %'],
    [4, 'after 50 %'],
    [5, 'after 100 %'],
  ] as const) {
    await crowd.run(part * share);
    const usage = await print(name, target);
    if (usage !== null) points.push({ ...usage, joins: crowd.count.joined });
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await crowd.close();
  // A vanished viewer is held until ICE gives up, after about 30 s.
  await delay(40_000);
  const calm = await print('after everybody left', target);
  judgeJoins(crowd.count, seconds);
  const [early, middle, end] = points;
  if (early === undefined || middle === undefined || end === undefined) return;
  judgeMemory(early, middle, end);
  const fds = (calm ?? end).fileDescriptors - early.fileDescriptors;
  report.check({ name: 'file descriptors left behind', value: fds, unit: '', atMost: 2 });
  const threads = (calm ?? end).threads - early.threads;
  report.check({ name: 'threads left behind', value: threads, unit: '', atMost: 2 });
}

async function print(when: string, target: MediaServer): Promise<ProcessUsage | null> {
  const heap = await heapOf(target);
  if (target.pid === null) {
    report.line(`  ${when}: the process id is unknown${heap}`);
    return null;
  }
  const usage = readProcessTree(target.pid);
  const { rssBytes, fileDescriptors, threads, processes } = usage;
  const memory = `${mebibytes(rssBytes)} MiB RSS${heap}`;
  report.line(
    `  ${when}: ${memory}, ${fileDescriptors} fds, ${threads} threads, ${processes} processes`,
  );
  return usage;
}

/** Only where the server tells it beside its own figures. */
async function heapOf({ apiUrl, authorization }: MediaServer): Promise<string> {
  const headers = authorization === null ? {} : { authorization };
  const reply = await fetch(`${apiUrl}/api/v1/summaries`, { headers });
  const summaries = (await reply.json()) as { data?: { self?: Record<string, unknown> } };
  const { heap_used_bytes: heap, external_bytes: external } = summaries.data?.self ?? {};
  if (typeof heap !== 'number' || typeof external !== 'number') return '';
  return `, ${mebibytes(heap)} MiB heap in use, ${mebibytes(external)} MiB external`;
}

function judgeJoins(count: ChurnCount, seconds: number): void {
  const { joined, failures, retries, abandoned, publishers, silent, connectMs } = count;
  report.section('joins');
  report.line(
    `  ${joined} joined, ${(joined / seconds).toFixed(0)}/s, by ${publishers} publishers`,
  );
  report.line(
    `  of these ${silent} left without a DELETE; ${abandoned} more offered and never came`,
  );
  report.line(`  POST -> connected: ${describeDistribution(distributionOf(connectMs), 'ms')}`);
  for (const [why, times] of retries) report.line(`  tried again ${times} times: ${why}`);
  for (const [failure, times] of failures) report.line(`  failed ${times} times: ${failure}`);
  const failed = [...failures.values()].reduce((sum, times) => sum + times, 0);
  report.check({ name: 'failed joins', value: failed, unit: '', atMost: 0 });
}

function judgeMemory(early: MemoryPoint, middle: MemoryPoint, end: MemoryPoint): void {
  const { firstHalf, secondHalf, verdict } = memoryGrowth(early, middle, end);
  report.section('memory per 1,000 joins');
  report.line(
    `  from 10 to 50 %: ${firstHalf.toFixed(2)} MiB; from 50 to 100 %: ${secondHalf.toFixed(2)} MiB: ${verdict}`,
  );
  report.check({ name: 'growth, second half', value: secondHalf, unit: 'MiB', atMost: 2 });
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
