/** `npm run bench:scale`: the API and the registry among many rooms and sessions. */
import { BenchReport } from './bench-report.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { describeDistribution, distributionOf, type Distribution } from './distribution.ts';
import { readFigures } from './gateway-figures.ts';
import { mint } from './gateway-process.ts';
import { startScaleGateway, type ScaleGateway } from './scale-gateway.ts';

const flags = readCommandLine(
  'Scale: lists, searches and scrapes of a gateway process that is full of sessions.',
  {
    rooms: { about: 'rooms in all', value: '10000' },
    sessions: { about: 'sessions in all', value: '50000' },
    requests: { about: 'requests of each kind', value: '100' },
  },
);
const rooms = toNumber(flags.rooms);
const perRoom = Math.max(1, Math.round(toNumber(flags.sessions) / rooms));
const report = new BenchReport('Rooms and sessions in a gateway process');
const token = mint('*', ['admin'], 'root');

/** What is asked, by what it is called. */
const REQUESTS: Readonly<Record<string, (size: number) => string>> = {
  'first page of sessions': () => '/api/v1/sessions',
  'page of 200 sessions': () => '/api/v1/sessions?limit=200&order=newest',
  'page in the middle': (size) =>
    `/api/v1/sessions?cursor=${Buffer.from(String((size * perRoom) >> 1)).toString('base64url')}`,
  'search for one person': (size) => `/api/v1/sessions?q=person-${size - 1}-1`,
  'search for nobody': () => '/api/v1/sessions?q=nobody-at-all',
  'sessions of a room': (size) => `/api/v1/sessions?room=room-${size >> 1}`,
  'first page of rooms': () => '/api/v1/rooms',
  'search for a room': (size) => `/api/v1/rooms?q=room-${size - 1}`,
  'scrape of /metrics': () => '/metrics',
};

/** By what was asked, in ms. */
type Measured = Readonly<Record<string, Distribution>>;

const NOTHING = distributionOf([]);
const gateway = await startScaleGateway();
try {
  await run(gateway);
} finally {
  await gateway.close();
}
report.finish(flags.strict);

async function run(target: ScaleGateway): Promise<void> {
  await measure(target, 1);
  const empty = await readFigures(target);
  const tenth = Math.max(1, Math.round(rooms / 10));
  await target.fill({ rooms: tenth, sessionsPerRoom: perRoom });
  const small = await measureAt(target, tenth);
  await target.fill({ rooms: rooms - tenth, sessionsPerRoom: perRoom });
  const large = await measureAt(target, rooms);
  const full = await readFigures(target);
  const perSession = ((full.heapMiB - empty.heapMiB) * 1024) / (rooms * perRoom);
  report.line(`  ${perSession.toFixed(2)} KiB of heap for each session`);
  report.check({ name: 'memory of the process', value: full.rssMiB, unit: 'MiB', atMost: 1024 });
  report.check({
    ...{ name: 'scrape of /metrics, p95', unit: 'ms', atMost: 50 },
    value: large['scrape of /metrics']?.p95 ?? NaN,
  });
  report.check({
    ...{ name: 'series', unit: '', atMost: 2000 },
    value: await seriesOf(target),
  });
  for (const name of Object.keys(REQUESTS).filter((each) => !each.startsWith('scrape'))) {
    const { p50, p95 } = large[name] ?? NOTHING;
    report.check({ name: `${name}, p95`, value: p95, unit: 'ms', atMost: 50 });
    // Of medians, which a busy machine moves least. Linear is ten; caches that are too small add to it.
    const value = p50 / (small[name]?.p50 ?? NaN);
    report.check({ name: `${name}, growth by ten times`, value, unit: '', atMost: 15 });
  }
}

async function measureAt(target: ScaleGateway, size: number): Promise<Measured> {
  report.section(`${size} rooms, ${size * perRoom} sessions`);
  const measured = await measure(target, size);
  const { rssMiB, heapMiB, tables } = await readFigures(target);
  report.line(
    `  ${rssMiB.toFixed(0)} MiB resident, ${heapMiB.toFixed(0)} MiB of heap, ${tables['sessions'] ?? NaN} sessions`,
  );
  return measured;
}

async function measure(target: ScaleGateway, size: number): Promise<Measured> {
  const measured: Record<string, Distribution> = {};
  for (const [name, pathOf] of Object.entries(REQUESTS)) {
    const path = pathOf(size);
    for (let warm = 0; warm < 10; warm += 1) await ask(target, path);
    await readFigures(target);
    const times: number[] = [];
    for (let count = 0; count < toNumber(flags.requests); count += 1) {
      times.push(await ask(target, path));
    }
    const { stallMs } = await readFigures(target);
    const distribution = distributionOf(times);
    measured[name] = distribution;
    if (size > 1) {
      const figures = describeDistribution(distribution, 'ms');
      report.line(`  ${name}: ${figures}, longest standstill ${stallMs.toFixed(1)} ms`);
    }
  }
  return measured;
}

async function ask({ url }: ScaleGateway, path: string): Promise<number> {
  const begin = performance.now();
  const reply = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  await reply.text();
  if (reply.status !== 200) throw new Error(`${path} answers ${reply.status}`);
  return performance.now() - begin;
}

async function seriesOf({ url }: ScaleGateway): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}
