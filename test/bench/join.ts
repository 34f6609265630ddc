/** `npm run bench:join`: what the gateway adds to a join, and how many it takes. */
import { BenchReport } from './bench-report.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { describeDistribution, distributionOf } from './distribution.ts';
import { findGatewayPlace, startGateway, type GatewayPlace } from './gateway-process.ts';
import { measureFirstFrames } from './join-first-frame.ts';
import { measureJoinLatency } from './join-latency.ts';
import { measureJoinRate } from './join-rate.ts';
import { canPin, startEngine } from './media-server.ts';
import { startStubNode } from './stub-node.ts';

const flags = readCommandLine(
  'Joins: latency added by the gateway, joins per second, and a browser’s first frame.',
  {
    only: { about: 'latency, rate or frames', value: 'latency,rate,frames' },
    rounds: { about: 'rounds of four POSTs for the latency', value: '300' },
    seconds: { about: 'length of each rate measurement', value: '5' },
    parallel: { about: 'joins under way at once in the rate measurement', value: '64' },
    joins: { about: 'joins of the browser', value: '100' },
    'node-url': { about: 'a running node with hooks to --gateway-port, not the engine', value: '' },
    'direct-url': { about: 'a running node of the same kind without hooks', value: '' },
    'gateway-port': { about: 'port of the gateway, for --node-url', value: '0' },
  },
);
const report = new BenchReport('Joins through the gateway');
report.line(canPin() ? 'gateway pinned to core 0, load and stub to core 1' : 'nothing is pinned');
const place = await findGatewayPlace(Number(flags['gateway-port']) || undefined);
if (flags.only.includes('latency') || flags.only.includes('frames')) await withNodes(place);
if (flags.only.includes('rate')) await withStub(await findGatewayPlace());
report.finish(flags.strict);

async function withNodes({ port, hooksUrl }: GatewayPlace): Promise<void> {
  const given = flags['node-url'];
  const hooked = given === '' ? await startEngine({ env: { ENGINE_HOOKS_URL: hooksUrl } }) : null;
  const plain = flags['direct-url'] === '' ? await startEngine() : null;
  const gateway = await startGateway({ port, hooksUrl }, { nodeUrls: [hooked?.apiUrl ?? given] });
  try {
    if (flags.only.includes('latency')) {
      const directUrl = plain?.apiUrl ?? flags['direct-url'];
      await reportLatency(() => measureJoinLatency(gateway, directUrl, toNumber(flags.rounds)));
    }
    if (flags.only.includes('frames')) {
      await reportFirstFrames(() => measureFirstFrames(gateway, toNumber(flags.joins)));
    }
  } finally {
    await gateway.close();
    await Promise.all([hooked?.close(), plain?.close()]);
  }
}

async function reportLatency(measure: () => ReturnType<typeof measureJoinLatency>): Promise<void> {
  report.section(
    'POST of an offer -> answer; direct to a node without hooks, and through the gateway',
  );
  const { directWhip, gatewayWhip, directWhep, gatewayWhep } = await measure();
  const pairs = [
    { path: 'whip', direct: directWhip, through: gatewayWhip },
    { path: 'whep', direct: directWhep, through: gatewayWhep },
  ];
  for (const { path, direct, through } of pairs) {
    const [base, with_] = [distributionOf(direct), distributionOf(through)];
    const added = with_.p50 - base.p50;
    const ratio = (with_.p50 / base.p50).toFixed(2);
    report.line(`  ${path} direct:  ${describeDistribution(base, 'ms')}`);
    report.line(
      `  ${path} gateway: ${describeDistribution(with_, 'ms')}, ${ratio} x direct at p50`,
    );
    report.check({ name: `added to POST /${path}, p50`, value: added, unit: 'ms', atMost: 1 });
    const tail = with_.p99 - base.p99;
    report.check({ name: `added to POST /${path}, p99`, value: tail, unit: 'ms', atMost: 5 });
  }
}

async function withStub(place: GatewayPlace): Promise<void> {
  report.section('joins per second of one gateway process, in front of a stub node');
  const stub = await startStubNode(place.hooksUrl, 1);
  const gateway = await startGateway(place, { nodeUrls: [stub.url], cpu: 0 });
  const seconds = toNumber(flags.seconds);
  const parallel = toNumber(flags.parallel);
  const common = { seconds, parallel, limit: 3000 * (seconds + 3) };
  try {
    for (const viewersPerToken of [1, 200]) {
      const rate = await measureJoinRate(gateway, { ...common, viewersPerToken });
      const tokens = viewersPerToken === 1 ? 'a token each' : 'tokens seen before';
      const { joins, failed, perSecond, perCpuSecond, cpuShare, elapsedMs } = rate;
      const load = `gateway used ${(cpuShare * 100).toFixed(0)} % of a core`;
      report.line(
        `  ${tokens}: ${joins} joins, ${failed} failed, ${perSecond.toFixed(0)}/s, ${load}`,
      );
      report.line(`    ${perCpuSecond.toFixed(0)} joins per second of its CPU time`);
      report.line(`    ${describeDistribution(distributionOf(elapsedMs), 'ms')}`);
      report.check({ name: `joins/s, ${tokens}`, value: perSecond, unit: '/s', atLeast: 2000 });
      report.check({ name: `failed joins, ${tokens}`, value: failed, unit: '', atMost: 0 });
    }
  } finally {
    await gateway.close();
    await stub.close();
  }
}

async function reportFirstFrames(
  measure: () => ReturnType<typeof measureFirstFrames>,
): Promise<void> {
  report.section('Chromium joins a live room through the gateway');
  const { times, failures } = await measure();
  const posted = distributionOf(times.map(({ answeredMs, offeredMs }) => answeredMs - offeredMs));
  const connected = distributionOf(
    times.map(({ connectedMs, offeredMs }) => connectedMs - offeredMs),
  );
  const shown = distributionOf(times.map(({ firstFrameMs }) => firstFrameMs ?? Number.NaN));
  report.line(`  POST -> answer:          ${describeDistribution(posted, 'ms')}`);
  report.line(`  POST -> connected:       ${describeDistribution(connected, 'ms')}`);
  report.line(`  click -> frame painted:  ${describeDistribution(shown, 'ms')}`);
  for (const failure of new Set(failures)) report.line(`  failed: ${failure}`);
  report.check({ name: 'failed joins', value: failures.length, unit: '', atMost: 0 });
  report.check({ name: 'POST -> connected, p50', value: connected.p50, unit: 'ms', atMost: 80 });
  report.check({ name: 'POST -> connected, p95', value: connected.p95, unit: 'ms', atMost: 150 });
  report.check({
    name: 'POST -> connected, longest',
    value: connected.max,
    unit: 'ms',
    atMost: 500,
  });
  report.check({ name: 'first frame, p50', value: shown.p50, unit: 'ms', atMost: 300 });
  report.check({ name: 'first frame, p95', value: shown.p95, unit: 'ms', atMost: 600 });
}
