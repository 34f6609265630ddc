import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BenchReport } from './bench-report.ts';
import { describeDistribution, distributionOf } from './distribution.ts';
import { readFigures } from './gateway-figures.ts';
import { findGatewayPlace, startGateway, type GatewayProcess } from './gateway-process.ts';
import { InputCrowd } from './input-crowd.ts';
import { nowMs } from './input-crowd-messages.ts';
import { epochOf, openDriver, openHost, openSocket, type BenchSocket } from './input-driver.ts';
import { canPin, placedAt } from './media-server.ts';
import { startStubNode } from './stub-node.ts';

export interface InputBenchOptions {
  readonly viewers: number;
  readonly seconds: number;
  readonly handovers: number;
  /** Of nice(1), for gateway, baseline and this process; below 0 takes root. */
  readonly niceness: number;
}

const ROOM = 'bench';
/** A mouse. */
const EVERY_MS = 8;
/** A cursor that moves is told 60 times a second at most. */
const CURSOR_EVERY_MS = 33;
const RELAY = fileURLToPath(new URL('input-relay-main.ts', import.meta.url));
const SERVER_CORE = 0;
const LOAD_CORE = 1;

/** The gateway's share of an input's way, with a room full of viewers. */
export async function reportGatewayShare(
  report: BenchReport,
  options: InputBenchOptions,
): Promise<void> {
  report.section('input through the gateway: viewer socket to host socket');
  if (canPin())
    report.line(`  gateway and baseline on core ${SERVER_CORE}, all others on ${LOAD_CORE}`);
  setPriority(0, options.niceness);
  const baseline = await measureBaseline(options);
  const place = await findGatewayPlace();
  const stub = await startStubNode(place.hooksUrl, LOAD_CORE);
  const gateway = await startGateway(place, {
    nodeUrls: [stub.url],
    cpu: SERVER_CORE,
    env: { MAX_CONNECTIONS_PER_ADDRESS: '10000' },
  });
  setPriority(gateway.pid, options.niceness);
  const crowd = new InputCrowd(LOAD_CORE);
  try {
    await reportFrames(report, { gateway, crowd, baseline, options });
    await reportHandovers(report, { gateway, crowd, options });
  } finally {
    await crowd.close();
    await gateway.close();
    await stub.close();
  }
}

/** Client to client through a relay that does nothing else. */
async function measureBaseline({
  seconds,
  niceness,
}: InputBenchOptions): Promise<readonly number[]> {
  const child = fork(RELAY, placedAt({ core: SERVER_CORE, niceness }));
  const [port] = (await once(child, 'message')) as [number];
  const from = await openSocket(`ws://127.0.0.1:${port}`);
  const to = await openSocket(`ws://127.0.0.1:${port}`);
  const times = await driveFrames(from, to, 1, seconds);
  for (const { socket } of [from, to]) socket.terminate();
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
  return times;
}

interface Stage {
  readonly gateway: GatewayProcess;
  readonly crowd: InputCrowd;
  readonly options: InputBenchOptions;
}

async function reportFrames(
  report: BenchReport,
  { gateway, crowd, baseline, options }: Stage & { readonly baseline: readonly number[] },
): Promise<void> {
  const host = await openHost(gateway, ROOM);
  const url = `${gateway.url.replace(/^http/, 'ws')}/ws/control/${ROOM}`;
  const token = gateway.mint(ROOM, ['watch'], 'crowd');
  const { open, failed } = await crowd.tell({ type: 'join', url, token, viewers: options.viewers });
  report.line(`  ${open} viewers are there, ${failed} failed`);
  const driver = await openDriver(gateway, ROOM, 'driver');
  driver.say({ type: 'control/request', id: 'a' });
  const epoch = await epochOf(driver);
  const warmUp = await driveFrames(driver, host, epoch, 2);
  const stop = moveCursor(host);
  await crowd.tell({ type: 'count' });
  const before = await gatewayShare(gateway);
  const { waitedMs } = await readFigures(gateway);
  const times = await driveFrames(driver, host, epoch, options.seconds, warmUp.length);
  const figures = await readFigures(gateway);
  const after = await gatewayShare(gateway);
  stop();
  const { positions } = await crowd.tell({ type: 'count' });
  const [bare, through] = [distributionOf(baseline), distributionOf(times)];
  const perSecond = positions / options.seconds / Math.max(1, open);
  report.line(`  each of them heard ${perSecond.toFixed(1)} positions of the cursor a second`);
  report.line(`  bare relay, alone:   ${describeDistribution(bare, 'ms')}`);
  report.line(`  gateway, with them:  ${describeDistribution(through, 'ms')}`);
  report.line(`  ${(through.p50 / bare.p50).toFixed(2)} x the relay at p50`);
  report.line(
    `  inside, from the message's arrival to the host's socket: ${shareOf(before, after)}`,
  );
  const waited = (figures.waitedMs - waitedMs).toFixed(0);
  const stall = figures.stallMs.toFixed(1);
  report.line(
    `  its event loop stood still for ${stall} ms at most; others had its core for ${waited} ms`,
  );
  const lost = baseline.length - times.length;
  report.check({ name: 'frames that did not arrive', value: lost, unit: '', atMost: 0 });
  const added = { p50: through.p50 - bare.p50, p99: through.p99 - bare.p99 };
  report.check({ name: 'gateway’s share, p50', value: added.p50, unit: 'ms', atMost: 0.5 });
  report.check({ name: 'gateway’s share, p99', value: added.p99, unit: 'ms', atMost: 3 });
  for (const { socket } of [driver, host]) socket.terminate();
}

/** Sends frames as a mouse with some keys; resolves with how long each was under way. */
async function driveFrames(
  from: BenchSocket,
  to: BenchSocket,
  epoch: number,
  seconds: number,
  first = 0,
): Promise<readonly number[]> {
  const times: number[] = [];
  const held = { keys: [], buttons: 0, touches: [], gamepads: [] };
  const hear = (data: Buffer): void => {
    const { type, at } = JSON.parse(data.toString()) as { type: string; at: number };
    if (type === 'input/frame') times.push(performance.now() - at);
  };
  to.socket.on('message', hear);
  const count = Math.round((seconds * 1000) / EVERY_MS);
  const startedAt = performance.now();
  for (let index = 0; index < count; index += 1) {
    const sequence = first + index;
    const waitMs = startedAt + index * EVERY_MS - performance.now();
    if (waitMs > 0) await delay(waitMs);
    const pointer = { x: (sequence % 1000) / 1000, y: 0.5 };
    const base = { type: 'input/frame', epoch, sequence, pointer, held, eventsBefore: 0 };
    from.say({ ...base, events: [], at: performance.now() });
  }
  await delay(200);
  to.socket.off('message', hear);
  return times;
}

/** Moves the host's cursor; call the result to stop. */
function moveCursor(host: BenchSocket): () => void {
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    host.say({ type: 'cursor/position', x: (step % 100) / 100, y: 0.5, visible: true });
  }, CURSOR_EVERY_MS);
  return () => clearInterval(timer);
}

type Buckets = ReadonlyMap<number, number>;

/** The gateway's own histogram of what it took. */
async function gatewayShare({ url }: GatewayProcess): Promise<Buckets> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const rows = text.matchAll(
    /^pixelcast_input_seconds_bucket\{le="([^"]+)",stage="gateway"\} (\d+)$/gm,
  );
  return new Map(
    [...rows].map(([, le = '', count]) => [Number(le.replace('+Inf', 'Infinity')), Number(count)]),
  );
}

/** `99.8 % within 0.25 ms` for each bound that is not all. */
function shareOf(before: Buckets, after: Buckets): string {
  const counts = [...after].map(([le, count]) => [le, count - (before.get(le) ?? 0)] as const);
  const all = counts.at(-1)?.[1] ?? 0;
  const shares = counts
    .filter(
      ([le, count], index) =>
        le < Infinity && (index === 0 || (counts[index - 1]?.[1] ?? 0) < all) && count > 0,
    )
    .map(([le, count]) => `${((count / all) * 100).toFixed(1)} % within ${le * 1000} ms`);
  return `n=${all}, ${shares.join(', ')}`;
}

/** From the wish of one who takes control until each of the crowd knows. */
async function reportHandovers(
  report: BenchReport,
  { gateway, crowd, options }: Stage,
): Promise<void> {
  report.section('hand-over: from the wish until a viewer knows who has control');
  const host = await openHost(gateway, ROOM);
  const stop = moveCursor(host);
  const drivers = [await openDriver(gateway, ROOM, 'one'), await openDriver(gateway, ROOM, 'two')];
  const [each, last]: [number[], number[]] = [[], []];
  for (let index = 0; index < options.handovers; index += 1) {
    const [next, other] = index % 2 === 0 ? drivers : drivers.toReversed();
    if (next === undefined || other === undefined) break;
    next.say({ type: 'control/request', id: 'r' });
    await delay(250);
    const startedAt = nowMs();
    if (index > 0) other.say({ type: 'control/release', id: 'g' });
    const epoch = await epochOf(next);
    const { heardAt } = await crowd.tell({ type: 'await', epoch });
    if (index === 0) continue;
    each.push(...heardAt.map((at) => at - startedAt));
    last.push(heardAt.length < options.viewers ? Number.NaN : Math.max(...heardAt) - startedAt);
  }
  stop();
  const [all, slowest] = [distributionOf(each), distributionOf(last)];
  report.line(`  each viewer:    ${describeDistribution(all, 'ms')}`);
  report.line(`  the last one:   ${describeDistribution(slowest, 'ms')}`);
  report.check({ name: 'hand-over seen by all, p95', value: slowest.p95, unit: 'ms', atMost: 100 });
  for (const { socket } of [...drivers, host]) socket.terminate();
}
