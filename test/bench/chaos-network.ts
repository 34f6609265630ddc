/** `npm run chaos:network`: what a viewer's network does to it, and how soon its picture is back. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { whyNoWall } from '../support/net/walled-network.ts';
import { SEEN } from '../support/stage/desktop-stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { BenchReport } from './bench-report.ts';
import { TROUBLES, type Trouble } from './chaos-network-troubles.ts';
import { NetworkStage } from './chaos-network-stage.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { distributionOf } from './distribution.ts';
import { outageOf, takeFrames, watchPicture, type ShownFrame } from './picture-watch.ts';

const flags = readCommandLine(
  'Chaos: a viewer in a network of its own, which is cut, walled, slowed and moved while it watches the cube.',
  {
    blows: { about: 'how often each', value: '3' },
    only: {
      about: `of ${Object.keys(TROUBLES).join(',')}`,
      value: Object.keys(TROUBLES).join(','),
    },
    modes: { about: 'of auto,webrtc,websocket', value: 'auto,webrtc' },
  },
);
/** The picture moves so long before a blow, and again before it counts as back. */
const CALM_MS = 2_500;
const GIVE_UP_MS = 40_000;
/** A picture that moves less often does not move. */
const STANDSTILL_MS = 500;

const noWall = whyNoWall();
if (noWall !== null) throw new Error(noWall);
const report = new BenchReport("Chaos in a viewer's network");
const stage = await NetworkStage.open();
try {
  report.line(
    '                                        first picture, s   back after, s    standstill, s',
  );
  report.line(
    'trouble              mode       n        p50     max        p50     max        max    ways',
  );
  for (const mode of flags.modes.split(',')) {
    for (const name of flags.only.split(',')) {
      const trouble = TROUBLES[name];
      if (trouble === undefined) throw new Error(`no such trouble: ${name}`);
      if (!trouble.barredIn?.includes(mode)) await suffer(name, trouble, mode);
    }
  }
} finally {
  await stage.close();
}
report.finish(flags.strict);
process.exit();

async function suffer(name: string, trouble: Trouble, mode: string): Promise<void> {
  const [first, back, gaps]: [number[], number[], number[]] = [[], [], []];
  const ways = new Set<string>();
  for (let blow = 1; blow <= toNumber(flags.blows); blow += 1) {
    trouble.before?.(stage);
    const openedAtMs = Date.now();
    const page = await stage.watch(mode);
    await watchPicture(page, SEEN);
    const [shown] = await calm(page, openedAtMs);
    first.push((shown?.shownAtMs ?? NaN) - openedAtMs);
    const before = await wayOf(page);
    const blowAtMs = Date.now();
    trouble.blow?.(stage);
    const { backAfterMs, longestGapMs } = outageOf(await calm(page, blowAtMs), blowAtMs);
    back.push(backAfterMs);
    gaps.push(longestGapMs);
    ways.add(trouble.blow === undefined ? before : `${before} -> ${await wayOf(page)}`);
    await stage.heal();
  }
  const [opened, returned] = [distributionOf(first), distributionOf(back)];
  const standstillMs = distributionOf(gaps).max;
  const figures = [opened.p50, opened.max, returned.p50, returned.max, standstillMs].map(inSeconds);
  report.line(
    `${name.padEnd(20)} ${mode.padEnd(10)} ${String(back.length).padEnd(5)}${figures.join('')}    ${[...ways].join(', ')}`,
  );
  report.check({
    name: `${name}, ${mode}: picture back, longest`,
    ...{ value: returned.max / 1000, unit: 's', atMost: 3 },
  });
}

/** Waits until the picture has moved for a while; resolves with all frames until then. */
async function calm(page: Page, sinceMs: number): Promise<ShownFrame[]> {
  const frames: ShownFrame[] = [];
  let calmSinceMs: number | null = null;
  const isCalm = async (): Promise<boolean> => {
    frames.push(...(await takeFrames(page)));
    const last = frames.at(-1)?.shownAtMs ?? 0;
    const moves = last > sinceMs && Date.now() - last < STANDSTILL_MS;
    calmSinceMs = moves ? (calmSinceMs ?? Date.now()) : null;
    return calmSinceMs !== null && Date.now() - calmSinceMs >= CALM_MS;
  };
  await delay(CALM_MS);
  await waitFor(isCalm, { timeoutMs: GIVE_UP_MS, everyMs: 100, what: 'the picture to move' }).catch(
    (error: unknown) => {
      report.line(`  given up: ${String(error)}`);
      frames.push({ shownAtMs: Date.now(), paintedAtMs: Date.now() });
    },
  );
  return frames;
}

/** By what the picture comes. */
async function wayOf(page: Page): Promise<string> {
  return (await page.getByTestId('watch').getAttribute('data-mode')) ?? 'none';
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2).padStart(8);
}
