/** `npm run bench:cluster`: what several gateways on one Redis cost, and what they give. */
import { setTimeout as delay } from 'node:timers/promises';
import { BenchReport } from './bench-report.ts';
import { measureAddedLatency } from './cluster/added-latency.ts';
import { measureOneStream } from './cluster/one-stream.ts';
import { measureReach } from './cluster/reach.ts';
import { startStubCluster, type StubCluster } from './cluster/redis-gateways.ts';
import { measureRollingRestart } from './cluster/rolling-restart.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { describeDistribution, distributionOf } from './distribution.ts';
import { measureJoinRate, type JoinRate } from './join-rate.ts';
import { canPin } from './media-server.ts';

const flags = readCommandLine(
  'Several gateways on one Redis: added latency, joins per second, one stream over several nodes, how soon an ending is known everywhere, and a rolling restart under load.',
  {
    only: {
      about: 'of latency,rate,nodes,reach,rolling',
      value: 'latency,rate,nodes,reach,rolling',
    },
    rounds: { about: 'rounds of the latency', value: '300' },
    seconds: { about: 'length of each rate measurement', value: '5' },
    'rate-rounds': { about: 'measurements of each rate, for a median', value: '3' },
    endings: { about: 'revocations, kicks and expiries, each', value: '200' },
    viewers: { about: 'in the rolling restart', value: '60' },
    restarts: { about: 'of each gateway', value: '3' },
    'per-node': { about: 'sessions of a node, for one stream over 1, 2 and 3', value: '20' },
  },
);
const RATED = [
  { name: 'one alone, without Redis', clusters: 1, gateways: 1, redis: false },
  { name: 'two alone, without Redis', clusters: 2, gateways: 1, redis: false },
  { name: 'one on Redis', clusters: 1, gateways: 1, redis: true },
  { name: 'two on Redis', clusters: 1, gateways: 2, redis: true },
];
const report = new BenchReport('Several gateways');
report.line(
  canPin()
    ? 'gateways pinned to core 0, stub of a media server to core 1; load and Redis are not'
    : 'nothing is pinned',
);
const parts = { latency, rate, nodes, reach, rolling };
for (const [name, measure] of Object.entries(parts)) {
  if (!flags.only.split(',').includes(name)) continue;
  await measure().catch((error: unknown) => {
    report.line(`  ${String(error)}`);
    report.check({ name, value: Number.NaN, unit: '', atMost: 0 });
  });
}
report.finish(flags.strict);
process.exit();

async function latency(): Promise<void> {
  report.section('POST of an offer -> answer, through a gateway alone and through two on Redis');
  const alone = await startStubCluster(1, false);
  const two = await startStubCluster(2, true);
  try {
    const [lone] = alone.gateways;
    const [home, other] = two.gateways;
    const { redisPort } = two;
    if (lone === undefined || home === undefined || other === undefined) return;
    if (redisPort === null) return;
    const rounds = toNumber(flags.rounds);
    const taken = await measureAddedLatency(lone, [home, other], { redisPort, rounds });
    const of = {
      'whip alone': distributionOf(taken.whipAlone),
      'whip, new room': distributionOf(taken.whipHome),
      'whep alone': distributionOf(taken.whepAlone),
      'whep at home': distributionOf(taken.whepHome),
      'whep handed on': distributionOf(taken.whepHandedOn),
      'redis, bare PING': distributionOf(taken.ping),
    };
    for (const [name, distribution] of Object.entries(of)) {
      report.line(`  ${name.padEnd(16)} ${describeDistribution(distribution, 'ms')}`);
    }
    const limit = { unit: 'ms', atMost: 1 };
    const whip = of['whip, new room'].p50 - of['whip alone'].p50;
    const whep = of['whep at home'].p50 - of['whep alone'].p50;
    const handedOn = (of['whep handed on'].p50 - of['whep alone'].p50).toFixed(2);
    report.line(`  handed on to the home: ${handedOn} ms more at p50`);
    report.check({
      name: 'added by Redis to POST /whip of a new room, p50',
      value: whip,
      ...limit,
    });
    report.check({ name: 'added by Redis to POST /whep, p50', value: whep, ...limit });
  } finally {
    await two.close();
    await alone.close();
  }
}

async function rate(): Promise<void> {
  report.section('joins per second, all gateways on one core: its CPU time is what counts');
  const seconds = toNumber(flags.seconds);
  const common = { seconds, parallel: 32, viewersPerToken: 1, limit: 1000 * seconds };
  const told = (name: string, { joins, failed, perSecond, perCpuSecond }: JoinRate): void =>
    report.line(
      `  ${name}: ${joins} joins, ${failed} failed, ${perSecond.toFixed(0)}/s, ${perCpuSecond.toFixed(0)} for each second of its CPU time`,
    );
  const sums = RATED.map((): number[] => []);
  let failed = 0;
  // In turn, since others on the machine come and go.
  for (let round = 1; round <= toNumber(flags['rate-rounds']); round += 1) {
    for (const [kind, { name, clusters, gateways, redis }] of RATED.entries()) {
      const started: StubCluster[] = [];
      try {
        for (let at = 0; at < clusters; at += 1)
          started.push(await startStubCluster(gateways, redis));
        const all = started.flatMap((each) => each.gateways);
        const rates = await Promise.all(
          all.map(async (gateway, at) => {
            // Rooms are called after the moment.
            await delay(at * 20);
            return await measureJoinRate(gateway, common);
          }),
        );
        for (const [at, each] of rates.entries()) told(`${name}, gateway ${at + 1}`, each);
        sums[kind]?.push(rates.reduce((before, { perCpuSecond }) => before + perCpuSecond, 0));
        failed += rates.reduce((before, each) => before + each.failed, 0);
      } finally {
        for (const each of started) await each.close();
      }
    }
  }
  const medians = sums.map((each) => distributionOf(each).p50);
  for (const [kind, { name }] of RATED.entries()) {
    report.line(`  ${name}: ${medians[kind]?.toFixed(0)} joins/s with a core for each, median`);
  }
  const [oneAlone = Number.NaN, twoAlone = Number.NaN, one = Number.NaN, two = Number.NaN] =
    medians;
  report.line(
    `  two against one: ${(two / one).toFixed(2)} x on Redis, ${(twoAlone / oneAlone).toFixed(2)} x alone, with the caches of one core for both`,
  );
  report.check({ name: 'failed joins', value: failed, unit: '', atMost: 0 });
  const kept = { name: 'joins/s of two on Redis against two alone', value: two / twoAlone };
  report.check({ ...kept, unit: 'x', atLeast: 0.8 });
}

async function nodes(): Promise<void> {
  const perNode = toNumber(flags['per-node']);
  report.section(`one stream over several nodes, ${perNode} sessions each at most`);
  const most: number[] = [];
  for (const count of [1, 2, 3]) {
    const { playing, clients } = await measureOneStream(count, perNode, perNode * count);
    report.line(`  ${count} nodes: ${playing} viewers have a picture, ${clients} clients in all`);
    most.push(playing);
  }
  const [one = Number.NaN, two = Number.NaN, three = Number.NaN] = most;
  report.check({ name: 'viewers over 2 nodes', value: two / one, unit: 'x', atLeast: 1.8 });
  report.check({ name: 'viewers over 3 nodes', value: three / one, unit: 'x', atLeast: 2.6 });
}

async function reach(): Promise<void> {
  report.section('from an ending at one gateway until all know');
  // Tokens that ran out are taken for 5 s more otherwise, for clocks that differ.
  const cluster = await startStubCluster(2, true, { JWT_LEEWAY_SECONDS: '0' });
  try {
    for (const ending of ['revocation', 'kick', 'expiry'] as const) {
      const took = await measureReach(cluster.gateways, ending, toNumber(flags.endings));
      const of = distributionOf(took);
      report.line(`  ${ending}: ${describeDistribution(of, 'ms')}`);
      const value = of.p99 / 1000;
      report.check({ name: `${ending} at every gateway, p99`, value, unit: 's', atMost: 2 });
    }
  } finally {
    await cluster.close();
  }
}

async function rolling(): Promise<void> {
  report.section(`rolling restart under ${flags.viewers} viewers`);
  const of = await measureRollingRestart(toNumber(flags.viewers), toNumber(flags.restarts));
  const gaps = distributionOf(of.controlGapsMs);
  const codes = Object.entries(Object.groupBy(of.ended, ({ kind, code }) => `${kind} ${code}`));
  for (const [name, all] of codes) report.line(`  ended: ${all?.length ?? 0} ${name}`);
  report.line(
    `  ${of.restarts} restarts; longest time without input each: ${describeDistribution(gaps, 'ms')}`,
  );
  report.line(`  pictures that stood still for 1 s: ${of.standstillsMs.length}`);
  report.check({ name: 'lost sessions', value: of.ended.length, unit: '', atMost: 0 });
  report.check({ name: 'control gap, longest', value: gaps.max / 1000, unit: 's', atMost: 1 });
}
