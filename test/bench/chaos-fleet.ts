/** `npm run chaos:fleet`: nodes, gateways and Redis are killed and stopped under a crowd of viewers. */
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../support/net/seeded-random.ts';
import { waitFor } from '../support/wait-for.ts';
import { BenchReport } from './bench-report.ts';
import { HOW, kindsFor, strike } from './cluster/blows.ts';
import { ClusterStage } from './cluster/cluster-stage.ts';
import { ControlRoom } from './cluster/control-room.ts';
import { Crowd } from './cluster/crowd.ts';
import type { CrowdReport } from './cluster/crowd-messages.ts';
import { countClients } from './cluster/node-clients.ts';
import { person, sumOf } from './cluster/people.ts';
import { Tally } from './cluster/tally.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { readBusySeconds } from './core-usage.ts';

const flags = readCommandLine(
  "Chaos: kill -9 and SIGSTOP of nodes, gateways and Redis, each kind in turn and then at random, under real WebRTC viewers with the pages' own players. Exit code 1 when a bar is missed.",
  {
    minutes: { about: 'how long', value: '10' },
    viewers: { about: 'of all rooms together', value: '200' },
    rooms: { about: 'each with one publisher', value: '8' },
    seed: { about: 'of what is random', value: '1' },
    only: { about: 'of node,gateway,redis; otherwise all that can be survived', value: '' },
    nodes: { about: 'embedded engines', value: '3' },
    gateways: { about: 'two and more stand on a Redis; one alone does without', value: '1' },
    processes: { about: 'of viewers', value: '4' },
    churn: { about: 'viewers that leave a second, and come again; 0: none', value: '2' },
    verbose: { about: 'prints who waits, and at the end what the processes printed' },
  },
);
/** All have a picture for so long before the next blow. */
const CALM_MS = 3_000;
const GIVE_UP_MS = 30_000;
const FIRST_PICTURES_MS = 120_000;
/** A vanished client is held by its node until ICE gives up, after about 30 s. */
const ORPHANS_MS = 60_000;
const CORES = availableParallelism();

const seed = toNumber(flags.seed);
const random = seededRandom(seed);
const gateways = toNumber(flags.gateways);
const report = new BenchReport('Chaos in a fleet');
report.line(
  `n: ${flags.viewers} viewers in ${flags.rooms} rooms, ${flags.nodes} nodes, ${gateways} gateways ${gateways > 1 ? 'on Redis' : 'without Redis'}, ${flags.minutes} minutes, ${flags.churn} leave a second, seed ${seed}`,
);
const stage = await ClusterStage.open({
  ...{ nodes: toNumber(flags.nodes), gateways, redis: gateways > 1 },
});
const crowd = new Crowd(toNumber(flags.processes));
let control: ControlRoom | null = null;
try {
  control = await ControlRoom.open(stage.balancer.url);
  await run(control);
} finally {
  await control?.close();
  if (flags.verbose) report.line(stage.outputs);
  await crowd.close();
  await stage.close();
}
report.finish(true);
process.exit();

async function run(controlled: ControlRoom): Promise<void> {
  const { url } = stage.balancer;
  const rooms = Array.from({ length: toNumber(flags.rooms) }, (_, at) => `room-${at + 1}`);
  const publishers = rooms.map((room) => person(room, `publisher of ${room}`, 'publish'));
  await crowd.publish(url, publishers);
  await all('all publishers', ({ sending, publishing }) => sending === publishing);
  const viewers = Array.from({ length: toNumber(flags.viewers) }, (_, at) =>
    person(rooms[at % rooms.length] ?? '', `viewer ${at + 1}`, 'watch'),
  );
  await crowd.watch(url, viewers);
  const first = await all('all first pictures', isWhole(viewers.length));
  const tally = new Tally(report);
  tally.tellFirst(first);
  const before = { busySeconds: busySeconds(), atMs: Date.now() };
  await crowd.churn(Number(flags.churn), seed);
  const unsettled = await blows(tally, controlled, viewers.length);
  await crowd.churn(0, seed);
  const used = ((busySeconds() - before.busySeconds) * 1000) / (Date.now() - before.atMs);
  report.line(`  CPU: ${used.toFixed(2)} of ${CORES} cores busy, whoever used them`);
  await ending(tally, viewers.length, publishers.length, unsettled);
  const { handOvers, applied, stale, split } = controlled.counts;
  report.line(`  control: ${handOvers} hand-overs, ${applied} frames of input applied`);
  report.check({ name: 'stale control', value: stale + split, unit: '', atMost: 0 });
}

/** Of all cores since boot. */
function busySeconds(): number {
  const cores = Array.from({ length: CORES }, (_, core) => readBusySeconds(core));
  return cores.reduce((sum, each) => sum + each, 0);
}

/** Strikes until the time is over; resolves with how often not all came back. */
async function blows(tally: Tally, controlled: ControlRoom, viewers: number): Promise<number> {
  const beganAtMs = Date.now();
  const endsAtMs = beganAtMs + toNumber(flags.minutes) * 60_000;
  const kinds = kindsFor(stage, flags.only);
  let unsettled = 0;
  for (let count = 0; Date.now() < endsAtMs; count += 1) {
    const kind = kinds[count < kinds.length ? count : Math.floor(random() * kinds.length)];
    if (kind === undefined) throw new Error(`nobody to strike: ${flags.only}`);
    controlled.takeGap();
    const blow = await strike(stage, kind, random);
    await stage.whole().catch((error: unknown) => report.line(`  ${String(error)}`));
    const news: CrowdReport[] = [];
    const isCalm = await calm(news, viewers);
    if (!isCalm) {
      unsettled += 1;
      const waiting = news.at(-1)?.waiting ?? [];
      report.line(`  not all are back after ${HOW[blow.how]} of ${blow.role.name}:`);
      for (const line of waiting.slice(0, flags.verbose ? 100 : 5)) report.line(`    ${line}`);
    }
    const atSeconds = (blow.atMs - beganAtMs) / 1000;
    const controlGapMs = controlled.takeGap();
    tally.add(blow, sumOf(news), { atSeconds, isCalm, controlGapMs });
  }
  return unsettled;
}

/** Waits until all have had a picture for a while; false: they had not in time. */
async function calm(news: CrowdReport[], viewers: number): Promise<boolean> {
  const untilMs = Date.now() + GIVE_UP_MS;
  let sinceMs: number | null = null;
  for (;;) {
    const now = await crowd.report();
    news.push(now);
    const isCalm = isWhole(viewers)(now);
    sinceMs = isCalm ? (sinceMs ?? Date.now()) : null;
    if (sinceMs !== null && Date.now() - sinceMs >= CALM_MS) return true;
    if (Date.now() > untilMs) return false;
    await delay(200);
  }
}

/** Counts who is left behind at nodes, and who never came back. */
async function ending(
  tally: Tally,
  viewers: number,
  publishers: number,
  unsettled: number,
): Promise<void> {
  const news: CrowdReport[] = [];
  await calm(news, viewers);
  const last = news.at(-1);
  tally.note({ ...sumOf(news), ended: [], outages: [] });
  tally.judge();
  const away = viewers + publishers - (last?.playing ?? 0) - (last?.sending ?? 0);
  for (const line of (last?.waiting ?? []).slice(0, 10)) report.line(`  away: ${line}`);
  report.check({ name: 'viewers and publishers lost for good', value: away, unit: '', atMost: 0 });
  report.check({
    name: 'blows after which not all came back in 30 s',
    value: unsettled,
    unit: '',
    atMost: 0,
  });
  const over = await orphans(viewers + publishers);
  report.check({ name: 'orphans on nodes, in use', value: over, unit: '', atMost: 0 });
  await crowd.leave();
  const left = await orphans(0);
  report.check({ name: 'orphans on nodes, after all left', value: left, unit: '', atMost: 0 });
}

/** How many clients nodes have beyond those, once that changes no more. */
async function orphans(people: number): Promise<number> {
  let over = Number.NaN;
  await waitFor(
    async () => {
      over = (await countClients(stage)) - people;
      return over === 0;
    },
    { timeoutMs: ORPHANS_MS, everyMs: 500, what: 'the nodes to be tidy' },
  ).catch(() => undefined);
  return Math.abs(over);
}

async function all(what: string, isSo: (report: CrowdReport) => boolean): Promise<CrowdReport> {
  const news: CrowdReport[] = [];
  await waitFor(
    async () => {
      news.push(await crowd.report());
      return news.some(isSo);
    },
    { timeoutMs: FIRST_PICTURES_MS, everyMs: 200, what },
  ).catch((cause: unknown) => {
    const waiting = news.at(-1)?.waiting.slice(0, 10).join('\n') ?? '';
    throw new Error(`${waiting}\n${stage.outputs}`, { cause });
  });
  return sumOf(news);
}

/** Who is away by churn comes again by itself. */
function isWhole(viewers: number): (report: CrowdReport) => boolean {
  return ({ watching, playing, late, sending, publishing }) =>
    late === 0 && sending === publishing && playing > viewers * 0.8 && watching > 0;
}
