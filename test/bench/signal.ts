/** `npm run bench:signal`: messages of direct sessions through a gateway, and through two. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { RedisServer } from '../support/redis/redis-server.ts';
import { freeTcpPort } from '../support/net/free-port.ts';
import { waitFor } from '../support/wait-for.ts';
import { BenchReport } from './bench-report.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { describeDistribution } from './distribution.ts';
import { findGatewayPlace, startGateway, type GatewayProcess } from './gateway-process.ts';
import { placedAt } from './media-server.ts';
import { readProcessTree } from './process-tree.ts';
import { gatewayPairs, playClosed, playPaced, relayPairs, type Pair } from './signal-crowd.ts';
import { startStubNode } from './stub-node.ts';

const flags = readCommandLine(
  'Signalling: how many messages a second one gateway process hands on, and how long each takes.',
  {
    pairs: { about: 'hosts with a client each', value: '100' },
    seconds: { about: 'of each measurement', value: '8' },
    rate: { about: 'messages a second in all, where they are paced', value: '2000' },
  },
);
const [pairCount, seconds, rate] = [flags.pairs, flags.seconds, flags.rate].map(toNumber) as [
  number,
  number,
  number,
];
const RELAY = fileURLToPath(new URL('signal-relay-main.ts', import.meta.url));
const SERVER_CORE = 0;
const LOAD_CORE = 1;

const report = new BenchReport('Signalling of direct sessions');
const bare = await measureRelay();
const stub = await startStubNode((await findGatewayPlace()).hooksUrl, LOAD_CORE);
const alone = await gateway({});
const through = await measure('one gateway', [alone, alone]);
await alone.close();
const redis = new RedisServer(await freeTcpPort());
await redis.start();
const env = { REDIS_URL: redis.url };
const [one, two] = [await gateway(env), await gateway(env)];
await measure('two gateways, by Redis', [one, two]);
await Promise.all([one.close(), two.close(), stub.close(), redis.kill()]);
report.check({
  ...{ name: 'messages a second of a gateway process against the relay', unit: 'x' },
  ...{ value: through.perCpuSecond / bare.perCpuSecond, atLeast: 0.25 },
});
report.check({ name: `p99 at ${rate}/s`, value: through.pacedP99, unit: 'ms', atMost: 15 });
report.finish(flags.strict);
process.exit();

interface Figures {
  readonly perCpuSecond: number;
  readonly pacedP99: number;
}

async function measureRelay(): Promise<Figures> {
  const child = fork(RELAY, placedAt({ core: SERVER_CORE }));
  const [port] = (await once(child, 'message')) as [number];
  const figures = await drive('bare relay', await relayPairs(port, pairCount), [child.pid ?? 0]);
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
  return figures;
}

async function measure(
  name: string,
  [first, second]: readonly [GatewayProcess, GatewayProcess],
): Promise<Figures> {
  const pairs = await gatewayPairs([first.url, second.url], pairCount, (room, can) =>
    first.mint(room, can, can.join()),
  );
  return await drive(name, pairs, [...new Set([first.pid, second.pid])]);
}

/** Plays as fast as it goes, then at the given rate. */
async function drive(
  name: string,
  pairs: readonly Pair[],
  servers: readonly number[],
): Promise<Figures> {
  report.section(`${name}: ${pairs.length} pairs`);
  const cpu = (): number => servers.reduce((sum, pid) => sum + readProcessTree(pid).cpuSeconds, 0);
  await playClosed(pairs, 1);
  const before = cpu();
  const closed = await playClosed(pairs, seconds);
  const used = cpu() - before;
  const perCpuSecond = closed.count / used;
  report.line(
    `  as fast as it goes: ${closed.perSecond.toFixed(0)}/s, ` +
      `${perCpuSecond.toFixed(0)} for each second of CPU; ` +
      describeDistribution(closed.tookMs, 'ms'),
  );
  const paced = await playPaced(pairs, seconds, rate);
  report.line(
    `  at ${rate}/s: ${paced.perSecond.toFixed(0)}/s arrived; ` +
      describeDistribution(paced.tookMs, 'ms'),
  );
  for (const socket of pairs.flat()) socket.terminate();
  return { perCpuSecond, pacedP99: paced.tookMs.p99 };
}

/** A gateway whose Redis, where it has one, is found. */
async function gateway(settings: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const started = await startGateway(await findGatewayPlace(), {
    nodeUrls: [stub.url],
    cpu: SERVER_CORE,
    env: { MAX_CONNECTIONS_PER_ADDRESS: '10000', ...settings },
  });
  if (settings['REDIS_URL'] === undefined) return started;
  const isLinked = async (): Promise<boolean> =>
    (await (await fetch(`${started.url}/metrics`)).text()).includes(
      'pixelcast_signal_redis_connected 1',
    );
  await waitFor(isLinked, { what: 'the gateway to find Redis' });
  return started;
}
