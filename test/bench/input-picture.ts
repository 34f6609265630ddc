import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { waitFor } from '../support/wait-for.ts';
import type { BenchReport } from './bench-report.ts';
import { describeDistribution, distributionOf } from './distribution.ts';
import { recordFrames, type SeenFrame } from './latency-frames.ts';
import { openHost } from './latency-sources.ts';
import { LatencyStage, VIDEO } from './latency-stage.ts';

const PICTURE = { width: 1280, height: 720, fps: 60, kbps: 2500 };
const ROOM = 'input-picture';
const SETTLE_SECONDS = 4;
/** The page marks an input each 250 ms at most; by chance, so that no rhythm of frames is met. */
const LEAST_GAP_MS = 330;
const GAP_SPREAD_MS = 100;

declare global {
  interface Window {
    inputsAtMs?: number[];
  }
}

/**
 * From a click or key in a page of Chromium until this page presents the first picture that shows
 * its mark: through page, gateway, host, the cube, encoder, media server and player. The baseline
 * is the age of the pictures of the same stream.
 */
export async function benchPicture(report: BenchReport, count: number): Promise<void> {
  const stage = await LatencyStage.open({ srsUrl: '', srsPid: null, gatewayPort: 0 });
  report.section(`picture: click or key in the page -> picture of it, ${PICTURE.fps} a second`);
  try {
    const host = await openHost(stage, { room: ROOM, picture: PICTURE });
    try {
      const page = await drive(stage);
      await recordFrames(page, VIDEO, SETTLE_SECONDS);
      const seconds = (count * (LEAST_GAP_MS + GAP_SPREAD_MS + 50)) / 1000;
      const recorded = recordFrames(page, VIDEO, seconds);
      await act(page, count);
      const { frames } = await recorded;
      tell(report, frames, await page.evaluate(() => window.inputsAtMs ?? []));
    } finally {
      await host.close();
    }
  } finally {
    await stage.close();
  }
}

/** The product's watch page, in control, with its inputs noted as the browser has them. */
async function drive({ gateway, browser }: LatencyStage): Promise<Page> {
  const token = gateway.mint(ROOM, ['watch', 'control'], 'driver');
  const page = await browser.open(`${gateway.url}/watch/${ROOM}#token=${token}`);
  await page.getByTestId('drive').click();
  await waitFor(
    async () =>
      (await page.getByTestId('control-status').getAttribute('data-standing')) === 'driving',
    { timeoutMs: 20_000, what: 'control' },
  );
  const box = await page.locator(VIDEO).boundingBox();
  if (box === null) throw new Error('no video');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(() => {
    const noted: number[] = [];
    window.inputsAtMs = noted;
    const note = (event: Event): void => {
      noted.push(performance.timeOrigin + event.timeStamp);
    };
    for (const type of ['pointerdown', 'keydown']) addEventListener(type, note, true);
  });
  return page;
}

async function act(page: Page, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await delay(LEAST_GAP_MS + Math.random() * GAP_SPREAD_MS);
    if (turn % 2 === 0) await page.keyboard.press('g');
    else await click(page);
  }
}

/** Where the pointer is: it does not move. */
async function click(page: Page): Promise<void> {
  await page.mouse.down();
  await page.mouse.up();
}

function tell(
  report: BenchReport,
  frames: readonly SeenFrame[],
  inputsAtMs: readonly number[],
): void {
  const took = distributionOf(inputsAtMs.flatMap((atMs) => firstMarked(frames, atMs)));
  const ages = distributionOf(frames.map(({ seenAtMs, paintedAtMs }) => seenAtMs - paintedAtMs));
  report.line(`  input -> picture        ${describeDistribution(took, 'ms')}`);
  report.line(`  painted -> seen         ${describeDistribution(ages, 'ms')}, the baseline`);
  const seen = took.n / inputsAtMs.length;
  report.check({ name: 'input to picture, seen', value: seen, unit: 'of all', atLeast: 0.95 });
  report.check({ name: 'input to picture, p50', value: took.p50, unit: 'ms', atMost: 70 });
}

/** Milliseconds until the first picture with another mark than before the input; none: no such picture. */
function firstMarked(frames: readonly SeenFrame[], atMs: number): number[] {
  const before = frames.findLast(({ seenAtMs }) => seenAtMs <= atMs);
  const after = frames.find(
    ({ seenAtMs, mark }) => seenAtMs > atMs && mark !== null && mark !== before?.mark,
  );
  if (before === undefined || after === undefined) return [];
  const tookMs = after.seenAtMs - atMs;
  // A later input's mark answers none before it.
  return tookMs < LEAST_GAP_MS ? [tookMs] : [];
}
