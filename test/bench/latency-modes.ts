import { setTimeout as delay } from 'node:timers/promises';
import type { BenchReport } from './bench-report.ts';
import { describeDistribution, distributionOf, type Distribution } from './distribution.ts';
import { watchScreens, type Watched } from './latency-screens.ts';
import type { LiveSource } from './latency-sources.ts';
import { CANVAS, VIDEO, type LatencyMode, type LatencyStage } from './latency-stage.ts';
import { describePerPicture, describeUsage, usageOf, type Usage } from './latency-usage.ts';

/** A way from a host to its viewers. */
export interface Way {
  readonly mode: LatencyMode;
  readonly name: string;
  /** Options of `npm run host`. */
  readonly argv: readonly string[];
  readonly p50AtMost: number;
}

export interface Measured {
  readonly name: string;
  readonly fps: number;
  readonly way: Way;
  readonly seconds: number;
  /** A capture and a screen keep the phase that they have when they start: one run is one of many. */
  readonly runs: number;
}

interface Run extends Watched {
  readonly usage: Usage;
}

const SETTLE_MS = 4_000;
/** Of the pictures of a second, on the player's canvas. */
const SUSTAINED_SHARE = 0.97;

/** Glass to glass, read off both screens; hosts are opened one after the other. */
export async function measureOnScreens(
  stage: LatencyStage,
  report: BenchReport,
  what: Measured,
  open: () => { readonly room: string; readonly source: Promise<LiveSource> },
): Promise<void> {
  const runs: Run[] = [];
  for (let run = 0; run < what.runs; run += 1) {
    const { room, source } = open();
    const opened = await source;
    try {
      runs.push(await measureRun(stage, what, room, opened));
    } finally {
      await opened.close();
    }
  }
  reportRuns(report, what, runs);
}

async function measureRun(
  stage: LatencyStage,
  { way, seconds }: Measured,
  room: string,
  source: LiveSource,
): Promise<Run> {
  const page = await stage.watch(room, way.mode);
  const selector = way.mode === 'webrtc' ? VIDEO : CANVAS;
  await delay(SETTLE_MS);
  const usage = usageOf({ ...source.processes, ...stage.processes });
  const watched = await watchScreens(stage, source, { page, selector, seconds });
  const run = { ...watched, usage: usage() };
  await page.close();
  return run;
}

function reportRuns(report: BenchReport, what: Measured, runs: readonly Run[]): void {
  const { way, fps } = what;
  const allSeconds = what.seconds * runs.length;
  const all = runs.flatMap(({ shown }) => shown);
  const ages = distributionOf(all.map(({ ageMs }) => ageMs));
  const painted = distributionOf(all.map(({ paintedAgeMs }) => paintedAgeMs));
  const drawn = runs.flatMap((run) => run.drawn);
  const canvas = distributionOf(drawn.map(({ ageMs }) => ageMs).filter((ms) => ms !== null));
  const each = runs.map(({ shown }) => distributionOf(shown.map(({ ageMs }) => ageMs)).p50);
  const shownFps = all.length / allSeconds;
  const drawnFps = drawn.length / allSeconds;
  const usage = meanOf(runs.map((run) => run.usage));
  report.line(`  screen -> screen:     ${describeDistribution(ages, 'ms')}`);
  report.line(`  p50 of each run:      ${each.map((ms) => ms.toFixed(1)).join(', ')} ms`);
  report.line(`  painted -> screen:    ${describeDistribution(painted, 'ms')}`);
  if (way.mode === 'websocket') {
    const captured = drawn.map(({ capturedAgeMs }) => capturedAgeMs);
    if (canvas.n > 0) report.line(`  screen -> canvas:     ${describeDistribution(canvas, 'ms')}`);
    report.line(`  captured -> canvas:   ${describeDistribution(distributionOf(captured), 'ms')}`);
  }
  const counted = way.mode === 'websocket' ? `, ${drawnFps.toFixed(1)} drawn` : '';
  report.line(`  pictures per second:  ${shownFps.toFixed(1)} on the screen${counted}`);
  report.line(`  CPU:                  ${describeUsage(usage)}`);
  report.line(`  CPU for each picture: ${describePerPicture(usage, shownFps)}`);
  const name = `${what.name} at ${fps}, ${way.name}`;
  const check = (where: string, { p50 }: Distribution): void =>
    report.check({ name: `${name}, ${where}, p50`, value: p50, unit: 'ms', atMost: way.p50AtMost });
  // What begins on no screen has its age from before it was painted.
  if (canvas.n > 0) {
    check('on the canvas', canvas);
    check('on the screen', ages);
  }
  if (way.mode === 'websocket') {
    const atLeast = SUSTAINED_SHARE * fps;
    report.check({ name: `${name}, drawn`, value: drawnFps, unit: 'fps', atLeast });
  }
}

function meanOf(usages: readonly Usage[]): Usage {
  const names = Object.keys(usages[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [
      name,
      usages.reduce((sum, usage) => sum + (usage[name] ?? 0), 0) / usages.length,
    ]),
  );
}
