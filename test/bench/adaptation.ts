/** `npm run bench:adaptation`: a host whose uplink narrows and opens again, seen by a Chromium. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Content, Fixed } from '../../gateway/protocol/host.ts';
import { FREE } from '../../host-publisher/adaptation/tuning.ts';
import { aPlan } from '../support/host/a-plan.ts';
import { plotTraces } from './adaptation-plot.ts';
import { AdaptationStage, type StageEvent } from './adaptation-stage.ts';
import { CSV_HEAD, type AdaptationTrace } from './adaptation-trace.ts';
import { BenchReport } from './bench-report.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { describeDistribution, distributionOf } from './distribution.ts';
import { runningSrs, startEngine } from './media-server.ts';

const flags = readCommandLine(
  'A host behind an uplink of 4, 1, 4 Mbit/s, and a picture that gets smaller while it is live.',
  {
    only: { about: 'path, baseline, text or switch', value: 'path,baseline,text,switch' },
    kbps: { about: 'the most that the host sends, below the wide uplink', value: '3000' },
    size: { about: 'of the whole picture', value: '1280x720' },
    fps: { about: 'of the whole picture', value: '30' },
    encoder: { about: 'of the host; its own choice when empty', value: '' },
    wide: { about: 'kbit/s of the uplink at first and at last', value: '4000' },
    narrow: { about: 'kbit/s of it in between', value: '1000' },
    'srs-url': { about: 'a running SRS without hooks instead of the engine', value: '' },
    'media-port': { about: 'UDP port of that SRS', value: '8000' },
    out: { about: 'folder for the trace as SVG and CSV', value: 'bench-results' },
  },
);
const NARROW_AT = 10;
const WIDE_AT = 32;
const SECONDS = 54;
const SWITCH_AT = [4, 9, 14] as const;
const SWITCH_SECONDS = 19;

const [width = 0, height = 0] = flags.size.split('x').map(toNumber);
const most = { width, height, fps: toNumber(flags.fps), bitrateKbps: toNumber(flags.kbps) };
const [wide, narrow] = [toNumber(flags.wide), toNumber(flags.narrow)];
const whole = `${width}x${height} at ${most.fps} frames per second, up to ${most.bitrateKbps} kbit/s`;
const report = new BenchReport(`Adaptation of the cube, ${whole}`);
const server =
  flags['srs-url'] === ''
    ? await startEngine()
    : runningSrs(flags['srs-url'], null, toNumber(flags['media-port']));
report.line(`server: ${server.name}`);
const stage = await AdaptationStage.open(server);
const traces = new Map<string, AdaptationTrace>();
try {
  if (flags.only.includes('path')) await squeeze('motion', 'motion', FREE);
  if (flags.only.includes('baseline')) {
    const { bitrateKbps, fps } = most;
    await squeeze('fixed', 'motion', { bitrateKbps, fps, size: { width, height }, content: null });
  }
  if (flags.only.includes('text')) await squeeze('text', 'text', FREE);
  if (flags.only.includes('switch')) await shrink();
  writeTraces();
} finally {
  await stage.close();
  await server.close();
}
report.finish(flags.strict);

function planOf(content: Content, fixed: Fixed) {
  const encoder = flags.encoder === '' ? null : flags.encoder;
  return aPlan({ picture: most, sound: 'tone', content, fixed, encoder });
}

/** The uplink narrows for a while. */
async function squeeze(name: string, content: Content, fixed: Fixed): Promise<void> {
  const isFixed = fixed.bitrateKbps !== null;
  const what = isFixed ? 'everything fixed, the baseline' : `adaptation, content ${content}`;
  report.section(`uplink ${wide} -> ${narrow} -> ${wide} kbit/s: ${what}`);
  const trace = await stage.run({
    plan: planOf(content, fixed),
    seconds: SECONDS,
    events: [
      { atSeconds: 0, uplinkKbps: wide },
      { atSeconds: NARROW_AT, uplinkKbps: narrow },
      { atSeconds: WIDE_AT, uplinkKbps: wide },
    ],
  });
  traces.set(name, trace);
  describeWhile(trace, 'before', 1, NARROW_AT);
  describeWhile(trace, 'narrow', NARROW_AT, WIDE_AT);
  describeWhile(trace, 'settled', NARROW_AT + 8, WIDE_AT);
  describeWhile(trace, 'after', WIDE_AT, SECONDS);
  report.line(`  pictures: ${trace.shapes().join(', ')}`);
  const down = trace.secondsUntil(NARROW_AT, ({ bitrateKbps }) => bitrateKbps <= narrow);
  const up = trace.secondsUntil(
    WIDE_AT,
    (picture) => picture.bitrateKbps >= 0.9 * most.bitrateKbps && picture.height === height,
  );
  report.line(`  down after ${down.toFixed(1)} s, wholly up after ${up.toFixed(1)} s`);
  const longest = trace.longestGapMs(1, SECONDS);
  report.line(
    `  longest time without a new frame ${longest.toFixed(0)} ms, ${trace.freezes(1000)} above 1 s`,
  );
  if (isFixed) return;
  report.check({ name: `${name}: longest freeze`, value: longest, unit: 'ms', atMost: 1000 });
  report.check({ name: `${name}: down`, value: down, unit: 's', atMost: 3 });
  report.check({ name: `${name}: up`, value: up, unit: 's', atMost: 15 });
}

/** The picture is made smaller by hand, and given back. */
async function shrink(): Promise<void> {
  report.section(
    `${height}p -> 360p -> ${height}p -> ${height}p at a third of the frames, while live`,
  );
  const [small, whole, slow] = SWITCH_AT;
  const tune = (atSeconds: number, tuning: object): StageEvent => ({
    atSeconds,
    message: { type: 'tune', tuning },
  });
  const trace = await stage.run({
    plan: planOf('motion', FREE),
    seconds: SWITCH_SECONDS,
    events: [
      { atSeconds: 0 },
      tune(small, { size: { width: 2 * Math.round((180 * width) / height), height: 360 } }),
      tune(whole, { size: null }),
      tune(slow, { fps: Math.round(most.fps / 3) }),
    ],
  });
  traces.set('switch', trace);
  describeWhile(trace, 'before', 1, small);
  describeWhile(trace, 'smaller', small, whole);
  describeWhile(trace, 'whole', whole, slow);
  describeWhile(trace, 'slower', slow, SWITCH_SECONDS);
  const longest = trace.longestGapMs(1, slow);
  report.line(`  pictures: ${trace.shapes().join(', ')}`);
  report.check({ name: 'switch of size: longest freeze', value: longest, unit: 'ms', atMost: 300 });
  const name = 'sessions that the viewer needed';
  report.check({ name, value: trace.sessions, unit: 'sessions', atMost: 1 });
}

function describeWhile(trace: AdaptationTrace, what: string, from: number, until: number): void {
  const ages = trace.ages(from, until);
  const shown = trace.frames.filter(({ seconds }) => seconds >= from && seconds < until).length;
  const kbps = trace.samples
    .filter(({ seconds }) => seconds >= from && seconds < until)
    .map(({ deliveredKbps }) => deliveredKbps);
  const mean = kbps.reduce((sum, one) => sum + one, 0) / kbps.length;
  report.line(
    `  ${what.padEnd(8)} ${mean.toFixed(0).padStart(5)} kbit/s, ${(shown / (until - from)).toFixed(1)} fps seen, ` +
      `longest gap ${trace.longestGapMs(from, until).toFixed(0)} ms, latency ` +
      (ages.length === 0 ? 'not read' : describeDistribution(distributionOf(ages), 'ms')),
  );
}

function writeTraces(): void {
  const folder = resolve(flags.out);
  mkdirSync(folder, { recursive: true });
  const squeezed = new Map([...traces].filter(([name]) => name !== 'switch'));
  const csv = [CSV_HEAD, ...[...traces].map(([name, trace]) => trace.toCsv(name)), ''].join('\n');
  writeFileSync(join(folder, 'adaptation.csv'), csv);
  if (squeezed.size > 0) {
    const title = `Uplink ${wide}, ${narrow}, ${wide} kbit/s: ${whole}, ${server.name}, Chromium`;
    writeFileSync(join(folder, 'adaptation.svg'), plotTraces(title, squeezed));
  }
  report.line(`\ntrace: ${folder}`);
}
