/** `npm run bench:abuse`: what legitimate viewers notice of attacks, and what stays afterwards. */
import { attackFromOutside } from './abuse-attacker.ts';
import type { Attack } from './abuse-attacks.ts';
import { LegitimateViewers, type Joins } from './abuse-joins.ts';
import { BenchReport } from './bench-report.ts';
import { chromiumOffer } from './chromium-offer.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { describeDistribution } from './distribution.ts';
import { readFigures, type GatewayFigures } from './gateway-figures.ts';
import { findGatewayPlace, startGateway } from './gateway-process.ts';
import { canPin } from './media-server.ts';
import { SignallingClient, type Posted } from './signalling-client.ts';
import { startStubNode } from './stub-node.ts';
import { waitFor } from '../support/wait-for.ts';

const flags = readCommandLine(
  'Attacks beside legitimate joins: floods, half-open publishers, slow senders.',
  {
    posts: { about: 'unauthenticated POSTs', value: '50000' },
    patches: { about: 'PATCHes on one session', value: '10000' },
    publishes: { about: 'half-open publishers', value: '1000' },
    slow: { about: 'slow senders of each kind', value: '300' },
    seconds: { about: 'length of what has no number', value: '20' },
  },
);
const ROOM = 'live-abuse';
const ADDRESSES = Array.from({ length: 10 }, (_, at) => `127.0.0.${10 + at}`);
const SHARED_ADDRESS = '127.0.0.30';
/** A window of a minute, and what is under way. */
const EMPTY_AFTER_MS = 90_000;
/** Joins may take so many times what they take undisturbed. */
const WORSE_AT_MOST = 3;
const STALL_MS = 50;
const seconds = toNumber(flags.seconds);
/** Sessions of ours that have media, until the end. */
const published: string[] = [];
let waitedBefore = 0;

const report = new BenchReport('Abuse');
report.line(canPin() ? 'gateway on core 0; load and stub on core 1, attacker last' : 'not pinned');
const place = await findGatewayPlace();
const stub = await startStubNode(place.hooksUrl, 1);
const gateway = await startGateway(place, { nodeUrls: [stub.url], cpu: 0, limited: true });
const presenter = new SignallingClient({ keepAlive: false, from: '127.0.0.9' });
const viewers = new LegitimateViewers(gateway, { room: ROOM, from: ADDRESSES });
try {
  await publish(ROOM, 'presenter');
  // Until the JIT has seen everything.
  await viewers.join(Promise.resolve(), seconds / 2);
  const before = await readFigures(gateway);
  report.section('undisturbed');
  const undisturbed = await viewers.join(Promise.resolve(), seconds);
  await describe('undisturbed', undisturbed);
  const atMost = WORSE_AT_MOST * undisturbed.answered.p95;
  for (const order of await attacks('127.0.2')) await compare(order.kind, [order], atMost);
  const afterOneWave = await readFigures(gateway);
  await compare('all at once', await attacks('127.0.3'), atMost);
  await behindOneAddress(atMost);
  await reportRest(before, afterOneWave);
} finally {
  viewers.close();
  presenter.close();
  await gateway.close();
  await stub.close();
}
report.finish(flags.strict);

async function publish(room: string, sub: string): Promise<Posted> {
  const token = gateway.mint(room, ['publish'], sub);
  const url = `${gateway.url}/whip/${room}`;
  const answer = await presenter.post(url, chromiumOffer('publish'), token);
  if (answer.status !== 201) throw new Error(`publish: ${answer.status} ${answer.text}`);
  published.push(answer.location);
  return answer;
}

async function attacks(network: string): Promise<Attack[]> {
  const { port } = place;
  const name = network.replaceAll('.', '-');
  const from = (host: number): string => `${network}.${host}`;
  const publishers = Array.from({ length: toNumber(flags.publishes) }, (_, at) => {
    const room = `half-open-${name}-${at}`;
    return { room, token: gateway.mint(room, ['publish'], `half-open-${name}-${at}`) };
  });
  const victim = await publish(`live-${name}`, `victim-${name}`);
  return [
    {
      kind: 'unauthenticated',
      port,
      from: from(1),
      requests: toNumber(flags.posts),
      connections: 800,
    },
    {
      ...{
        kind: 'patches',
        port,
        from: from(2),
        requests: toNumber(flags.patches),
        connections: 400,
      },
      ...{ session: new URL(victim.location).pathname, etag: victim.etag },
    },
    { kind: 'half-open', port, from: from(3), connections: 50, publishers },
    {
      ...{ kind: 'slow', port, from: from(4), seconds, connections: toNumber(flags.slow) },
      token: gateway.mint('slow', ['publish'], 'slow'),
    },
  ];
}

/** Joins beside attacks, held against the undisturbed ones. */
async function compare(name: string, orders: readonly Attack[], atMost: number): Promise<void> {
  report.section(name);
  const running = Promise.all(
    orders.map(async (order) => ({ order, outcome: await attackFromOutside(order, 1) })),
  );
  const joins = await viewers.join(running, 5);
  for (const { order, outcome } of await running) {
    const took = `${order.kind} in ${outcome.seconds.toFixed(1)} s`;
    report.line(`  attacker: ${took}: ${JSON.stringify(outcome.statuses)}`);
  }
  await describe(name, joins);
  report.check({ name: `joins p95: ${name}`, value: joins.answered.p95, unit: 'ms', atMost });
  report.check({ name: `joins refused: ${name}`, value: refusedOf(joins), unit: '', atMost: 0 });
}

async function describe(name: string, joins: Joins): Promise<void> {
  const figures = await readFigures(gateway);
  const { stallMs, fileDescriptors, rssMiB, heapMiB } = figures;
  const waited = figures.waitedMs - waitedBefore;
  waitedBefore = figures.waitedMs;
  report.line(`  joins: ${describeDistribution(joins.answered, 'ms')}`);
  if (refusedOf(joins) > 0) report.line(`  joins refused: ${JSON.stringify(joins.refused)}`);
  report.line(
    `  stall ${stallMs.toFixed(1)} ms; waited for its core ${waited.toFixed(0)} ms in all`,
  );
  const memory = `${rssMiB.toFixed(0)} MiB, heap ${heapMiB.toFixed(0)} MiB`;
  report.line(`  ${fileDescriptors} descriptors, ${memory}, ${JSON.stringify(figures.tables)}`);
  report.check({ name: `stall: ${name}`, value: stallMs, unit: 'ms', atMost: STALL_MS });
}

/** Limits by address cannot tell neighbours apart: known tokens pass, new ones wait a minute. */
async function behindOneAddress(atMost: number): Promise<void> {
  const known = gateway.mint(ROOM, ['watch'], 'neighbour');
  const from = [SHARED_ADDRESS];
  const neighbour = new LegitimateViewers(gateway, { room: ROOM, from, token: known });
  const newcomers = new LegitimateViewers(gateway, { room: ROOM, from });
  const perSecond = 5;
  await neighbour.join(Promise.resolve(), 1, perSecond);
  const [flood] = await attacks('127.0.4');
  if (flood === undefined) return;
  const running = attackFromOutside({ ...flood, from: SHARED_ADDRESS }, 1);
  const [withKnown, withNew] = await Promise.all([
    neighbour.join(running, 5, perSecond),
    newcomers.join(running, 5, perSecond),
  ]);
  report.section('flood from the address that the viewers have');
  report.line(`  token known before: ${describeDistribution(withKnown.answered, 'ms')}`);
  report.line(`    refused: ${JSON.stringify(withKnown.refused)}`);
  report.line(`  token not seen before: ${describeDistribution(withNew.answered, 'ms')}`);
  report.line(`    refused: ${JSON.stringify(withNew.refused)}`);
  const value = withKnown.answered.p95;
  report.check({ name: 'joins p95: same address, token known', value, unit: 'ms', atMost });
  const refused = refusedOf(withKnown);
  report.check({ name: 'refused: same address, token known', value: refused, unit: '', atMost: 0 });
  neighbour.close();
  newcomers.close();
}

function refusedOf({ refused }: Joins): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}

/** When everybody has left, nothing may stay. */
async function reportRest(before: GatewayFigures, one: GatewayFigures): Promise<void> {
  report.section('afterwards');
  for (const location of published) await presenter.delete(location);
  const isEmpty = ({ tables }: GatewayFigures): boolean =>
    ['sessions', 'rooms', 'tickets', 'limiter'].every((table) => tables[table] === 0);
  const rest = await waitFor(
    async () => {
      const figures = await readFigures(gateway);
      return isEmpty(figures) ? figures : null;
    },
    { what: 'empty tables', timeoutMs: EMPTY_AFTER_MS, everyMs: 1000 },
  ).catch(() => readFigures(gateway));
  const { tables, fileDescriptors, rssMiB, heapMiB } = rest;
  report.line(`  tables: ${JSON.stringify(tables)} (before: ${JSON.stringify(before.tables)})`);
  report.line(`  descriptors: ${fileDescriptors} (before: ${before.fileDescriptors})`);
  const earlier = `before: ${before.rssMiB.toFixed(0)}, after one wave: ${one.rssMiB.toFixed(0)}`;
  report.line(`  memory: ${rssMiB.toFixed(0)} MiB (${earlier}), heap ${heapMiB.toFixed(0)} MiB`);
  for (const table of ['sessions', 'rooms', 'tickets', 'limiter']) {
    report.check({
      name: `${table} left`,
      value: tables[table] ?? Number.NaN,
      unit: '',
      atMost: 0,
    });
  }
  const descriptors = fileDescriptors - before.fileDescriptors;
  report.check({ name: 'descriptors left', value: descriptors, unit: '', atMost: 10 });
  const heap = heapMiB - before.heapMiB;
  report.check({ name: 'heap left', value: heap, unit: 'MiB', atMost: 32 });
}
