/** `npm run bench:hostile`: every hostile input in a loop, and what it costs the gateway. */
import { connect } from 'node:net';
import { BenchReport } from './bench-report.ts';
import { chromiumOffer } from './chromium-offer.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { findGatewayPlace, startGateway, type GatewayProcess } from './gateway-process.ts';
import { hostileInputs, type HostileInput } from './hostile-inputs.ts';
import { memoryGrowth, type MemoryPoint } from './memory-growth.ts';
import { readProcessTree, type ProcessUsage } from './process-tree.ts';
import { SignallingClient } from './signalling-client.ts';
import { startStubNode } from './stub-node.ts';

const flags = readCommandLine('Hostile inputs: stalls of the event loop, memory, what is left.', {
  requests: { about: 'hostile requests in all', value: '20000' },
  each: { about: 'of each input alone, before', value: '40' },
  parallel: { about: 'requests under way at once', value: '8' },
});

/** What `monitorEventLoopDelay` waits between two looks, and counts as delay (Node's default). */
const RESOLUTION_MS = 10;

const report = new BenchReport('Hostile inputs');
const place = await findGatewayPlace();
const node = await startStubNode(place.hooksUrl, 1);
// A viewer of the stub is live at once; a publisher would be taken for one that never connects.
const env = { WHEP_WITHOUT_PUBLISHER: 'wait' };
const gateway = await startGateway(place, { nodeUrls: [node.url], cpu: 0, env });
const client = new SignallingClient({ keepAlive: false });
try {
  await measure();
} finally {
  client.close();
  await gateway.close();
  await node.close();
}
report.finish(flags.strict);

async function measure(): Promise<void> {
  const token = gateway.mint('*', ['admin']);
  const viewer = await client.post(`${gateway.url}/whep/good`, chromiumOffer('watch'), token);
  const session = new URL(viewer.location).pathname;
  const inputs = hostileInputs({ token, session });
  await throwAll(inputs, inputs.length);

  report.section('without hostile inputs');
  await readDelay(gateway);
  for (let count = 0; count < 200; count += 1) await join(token);
  const calm = await readDelay(gateway);
  report.line(`  200 joins: longest stall ${calm.toFixed(1)} ms`);

  report.section('each input alone');
  const stalls: { name: string; stallMs: number; statuses: string }[] = [];
  for (const input of inputs) {
    const statuses = await throwAll([input], toNumber(flags.each));
    stalls.push({ name: input.name, stallMs: await readDelay(gateway), statuses });
  }
  for (const { name, stallMs, statuses } of stalls) {
    report.line(`  ${stallMs.toFixed(1).padStart(6)} ms  ${name}: ${statuses}`);
  }

  const points = await soak(inputs);
  const worst = Math.max(...points.map(({ stallMs }) => stallMs), ...stalls.map((s) => s.stallMs));
  report.check({ name: 'longest stall of the event loop', value: worst, unit: 'ms', atMost: 50 });
  judgeMemory(points);
  const { status } = await client.delete(viewer.location);
  report.check({
    name: 'failed DELETE of the good session',
    value: status === 200 ? 0 : 1,
    unit: '',
    atMost: 0,
  });
  const sessions = await readMetric(gateway, /^pixelcast_sessions\{.*\} (\d+)$/gm);
  report.check({ name: 'sessions left', value: Math.max(0, ...sessions), unit: '', atMost: 0 });
}

type Point = MemoryPoint & ProcessUsage & { readonly stallMs: number };

async function soak(inputs: readonly HostileInput[]): Promise<readonly Point[]> {
  report.section('all inputs in a loop');
  const part = Math.floor(toNumber(flags.requests) / 10);
  const points: Point[] = [];
  let sent = 0;
  // The first tenth warms allocators and JIT: growth counts from its end.
  for (const share of [1, 4, 5]) {
    const startedAt = performance.now();
    await throwAll(inputs, part * share);
    const seconds = (performance.now() - startedAt) / 1000;
    sent += part * share;
    const usage = readProcessTree(gateway.pid);
    const stallMs = await readDelay(gateway);
    points.push({ ...usage, joins: sent, stallMs });
    const memory = `${(usage.rssBytes / 2 ** 20).toFixed(1)} MiB RSS`;
    const rate = `${((part * share) / seconds).toFixed(0)}/s`;
    report.line(
      `  after ${sent} (${rate}): ${memory}, ${usage.fileDescriptors} fds, longest stall ${stallMs.toFixed(1)} ms`,
    );
  }
  return points;
}

function judgeMemory(points: readonly Point[]): void {
  const [early, middle, end] = points;
  if (early === undefined || middle === undefined || end === undefined) return;
  const { firstHalf, secondHalf, verdict } = memoryGrowth(early, middle, end);
  report.section('memory per 1,000 requests');
  report.line(
    `  from 10 to 50 %: ${firstHalf.toFixed(2)} MiB; from 50 to 100 %: ${secondHalf.toFixed(2)} MiB: ${verdict}`,
  );
  report.check({ name: 'growth, second half', value: secondHalf, unit: 'MiB', atMost: 0.5 });
  const fds = end.fileDescriptors - early.fileDescriptors;
  report.check({ name: 'file descriptors left behind', value: fds, unit: '', atMost: 2 });
}

/** Sends `count` requests, each input in its turn; resolves with the statuses and how often. */
async function throwAll(inputs: readonly HostileInput[], count: number): Promise<string> {
  const statuses = new Map<string, number>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const input = inputs[(next += 1) % inputs.length];
      if (input === undefined) return;
      const reply = await send(input.request);
      const status = /^HTTP\/1\.1 (\d{3})/.exec(reply)?.[1] ?? 'closed';
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const location = /^Location: (\S+)/im.exec(reply)?.[1];
      if (location === undefined) continue;
      await client.delete(gateway.url + new URL(location, gateway.url).pathname);
    }
  };
  await Promise.all(Array.from({ length: toNumber(flags.parallel) }, work));
  return [...statuses].map(([status, times]) => `${times}x ${status}`).join(', ');
}

/** The reply's text, read until the gateway closes; a reset after it is no failure. */
function send(request: Buffer): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let reply = '';
    socket.setEncoding('latin1').on('data', (text: string) => (reply += text));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(reply));
    socket.setTimeout(20_000, () => {
      socket.destroy();
      reject(new Error('a connection stayed open for 20 s'));
    });
    socket.write(request);
  });
}

async function join(token: string): Promise<void> {
  const { status, location } = await client.post(
    `${gateway.url}/whep/good`,
    chromiumOffer('watch'),
    token,
  );
  if (status !== 201) throw new Error(`a good viewer was answered ${status}`);
  await client.delete(location);
}

/** The longest that the event loop was held up since the last look. */
async function readDelay(target: GatewayProcess): Promise<number> {
  const [seconds = NaN] = await readMetric(target, /^nodejs_eventloop_lag_max_seconds (\S+)$/gm);
  return Math.max(0, seconds * 1000 - RESOLUTION_MS);
}

async function readMetric({ url }: GatewayProcess, pattern: RegExp): Promise<number[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(pattern)].map(([, value]) => Number(value));
}
