import { describeDistribution, distributionOf, type Distribution } from './distribution.ts';
import type { BenchReport } from './bench-report.ts';
import { findGatewayPlace, startGateway } from './gateway-process.ts';
import { MediaCrowd, MediaFeed, startBroadcast } from './media-crowd.ts';
import type { CpuPlace } from './media-server.ts';
import { readProcessTree } from './process-tree.ts';
import { startStubNode } from './stub-node.ts';

const ROOM = 'fanout';
const SLOW_BITS_PER_SECOND = 300_000;
const SETTLE_MS = 4_000;
const SLOW_SHARE = 0.2;

export interface MediaFanoutOptions {
  readonly viewers: readonly number[];
  readonly windowMs: number;
  readonly server: CpuPlace;
  readonly load: CpuPlace;
}

/** What is measured: where to publish and watch, and whose CPU counts. */
interface Target {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  readonly publisherToken: string | null;
  readonly viewerToken: string;
  close(): Promise<void>;
}

interface Step {
  readonly viewers: number;
  readonly slow: number;
  readonly cpuShare: number;
  readonly rssMiB: number;
  readonly ages: Distribution;
  readonly megabits: number;
  /** Share of the published pictures that came, and viewers that did not stay. */
  readonly kept: number;
  readonly lost: number;
}

/** Viewers of one source by WebSocket: gateway against a bare broadcast, then with slow ones among them. */
export async function measureMediaFanout(
  report: BenchReport,
  options: MediaFanoutOptions,
): Promise<void> {
  report.section('3 Mbit/s of H.264 in 4 rows at 30 fps, 50 sound packets a second');
  const bare: Step[] = [];
  const steps: Step[] = [];
  for (const viewers of options.viewers) {
    bare.push(await measure(report, options, await aBroadcast(options), viewers, 0));
    steps.push(await measure(report, options, await aGateway(options), viewers, 0));
  }
  const last = steps.at(-1);
  if (last === undefined) return;
  const carried = steps.filter(({ lost, kept }) => lost === 0 && kept > 0.95);
  const perCore = Math.max(0, ...carried.map(({ viewers, cpuShare }) => viewers / cpuShare));
  report.check({ name: 'viewers per gateway core', value: perCore, unit: '', atLeast: 200 });

  const [few = 0] = options.viewers;
  report.section(`one in five reads ${SLOW_BITS_PER_SECOND / 1000} kbit/s`);
  const slow = Math.round(few * SLOW_SHARE);
  const without = await measure(report, options, await aGateway(options), few - slow, 0);
  const beside = await measure(report, options, await aGateway(options), few - slow, slow);
  const change = beside.ages.p99 / without.ages.p99;
  report.check({ name: 'p99 of the others', value: change, unit: 'x', atMost: 1.2 });
  report.check({ name: 'others cut off', value: beside.lost, unit: '', atMost: 0 });
  const growth = beside.rssMiB - without.rssMiB;
  report.check({ name: 'memory for slow viewers', value: growth, unit: 'MiB', atMost: slow + 64 });
}

async function measure(
  report: BenchReport,
  { load, windowMs }: MediaFanoutOptions,
  target: Target,
  viewers: number,
  slow: number,
): Promise<Step> {
  const [feed, crowd, slowCrowd] = [
    new MediaFeed(load),
    new MediaCrowd(load),
    new MediaCrowd(load),
  ];
  try {
    const { url, viewerToken: token, pid } = target;
    await feed.tell({ type: 'publish', url, token: target.publisherToken });
    await crowd.tell({ type: 'join', url, token, viewers, bitsPerSecond: null });
    const bitsPerSecond = SLOW_BITS_PER_SECOND;
    if (slow > 0) await slowCrowd.tell({ type: 'join', url, token, viewers: slow, bitsPerSecond });
    await crowd.tell({ type: 'measure', ms: SETTLE_MS });
    await feed.tell({ type: 'report' });
    const [before, began] = [readProcessTree(pid), performance.now()];
    const [seen, slowSeen] = await Promise.all([
      crowd.tell({ type: 'measure', ms: windowMs }),
      slowCrowd.tell({ type: 'measure', ms: windowMs }),
    ]);
    const [after, seconds] = [readProcessTree(pid), (performance.now() - began) / 1000];
    const { keys, pictures } = await feed.tell({ type: 'report' });
    const step = {
      viewers,
      slow,
      cpuShare: (after.cpuSeconds - before.cpuSeconds) / seconds,
      rssMiB: after.rssBytes / 2 ** 20,
      ages: distributionOf(seen.agesMs),
      megabits: (seen.bytes * 8) / 1e6 / seconds / viewers,
      kept: seen.agesMs.length / viewers / pictures,
      lost: viewers - seen.open,
    };
    print(report, target.name, step);
    if (slow > 0) {
      const kilobits = (slowSeen.bytes * 8) / 1e3 / seconds / slow;
      const fps = slowSeen.agesMs.length / seconds / slow;
      report.line(
        `    slow ones: ${slowSeen.open} of ${slow} stay, ${kilobits.toFixed(0)} kbit/s and ` +
          `${fps.toFixed(1)} pictures/s each, ` +
          `age ${describeDistribution(distributionOf(slowSeen.agesMs), 'ms')}; ${keys} keys`,
      );
    }
    return step;
  } finally {
    await Promise.all([feed.close(), crowd.close(), slowCrowd.close()]);
    await target.close();
  }
}

function print(report: BenchReport, name: string, step: Step): void {
  const { viewers, cpuShare, rssMiB, ages, megabits, kept } = step;
  const perCore = (viewers / cpuShare).toFixed(0);
  report.line(
    `  ${name}, ${viewers} viewers: ${(cpuShare * 100).toFixed(0)} % of a core ` +
      `(${perCore} per core), ${rssMiB.toFixed(0)} MiB, ${megabits.toFixed(2)} Mbit/s each, ` +
      `${(kept * 100).toFixed(1)} % of the pictures`,
  );
  report.line(`    age of pictures: ${describeDistribution(ages, 'ms')}`);
}

async function aGateway({ server, load }: MediaFanoutOptions): Promise<Target> {
  const place = await findGatewayPlace();
  const node = await startStubNode(place.hooksUrl, load.core);
  const gateway = await startGateway(place, {
    nodeUrls: [node.url],
    cpu: server.core,
    niceness: server.niceness ?? 0,
    env: { MAX_CONNECTIONS_PER_ADDRESS: '10000' },
  });
  return {
    name: 'gateway',
    pid: gateway.pid,
    url: `${gateway.url.replace(/^http/, 'ws')}/ws/media/${ROOM}`,
    publisherToken: gateway.mint(ROOM, ['publish'], 'publisher'),
    viewerToken: gateway.mint(ROOM, ['watch'], 'viewer'),
    close: async () => {
      await gateway.close();
      await node.close();
    },
  };
}

async function aBroadcast({ server }: MediaFanoutOptions): Promise<Target> {
  const broadcast = await startBroadcast(server);
  return { name: 'bare ws', ...broadcast, publisherToken: null, viewerToken: '-' };
}
