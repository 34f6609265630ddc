import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Capture } from '../../../host-publisher/media/capture.ts';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { viewRawPicture } from '../../../host-publisher/media/gstreamer/raw-pictures.ts';
import { describeX11 } from '../../../host-publisher/media/sources/x11-source.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { openVirtualDisplay } from '../../support/host/virtual-display.ts';
import { waitFor } from '../../support/wait-for.ts';

const SIZE = { width: 320, height: 180 };
const gst = loadGst();
gst.init(null, null, [null]);
const run = promisify(execFile);

interface Shot {
  /** Brightness of one pixel of the desktop. */
  readonly green: number;
  readonly atMs: number;
}

/** A desktop that is captured so many times a second, and what was captured of it. */
async function captureDesktop(fps: number, more: readonly string[] = []) {
  const display = await openVirtualDisplay(SIZE, more);
  onTestFinished(() => display.close());
  const picture = { ...SIZE, fps, bitrateKbps: 500 };
  const plan = aPlan({ source: 'desktop', display: display.name, picture });
  const none = { elements: [], text: null, notice: null };
  const parts = { plan, source: describeX11(plan, null), sound: none };
  const capture = await Capture.open(gst, parts, AbortSignal.timeout(60_000));
  onTestFinished(() => capture.close());
  const shots: Shot[] = [];
  capture.onPicture((frame) => {
    viewRawPicture(frame, ({ pixels }) => {
      const green = pixels[(90 * SIZE.width + 160) * 4 + 1] ?? 0;
      shots.push({ green, atMs: Number(frame.timeNs) / 1e6 });
    });
  });
  const paint = (colour: string) => run('xsetroot', ['-display', display.name, '-solid', colour]);
  const next = async (): Promise<Shot> => {
    const before = shots.length;
    return waitFor(() => shots[before], { what: 'the next picture', timeoutMs: 20_000 });
  };
  await next();
  return { shots, paint, next };
}

describe('the capture of an X11 desktop', () => {
  test('shows a change before the turn of the next picture', async () => {
    const { shots, paint, next } = await captureDesktop(1);
    let green = 0;
    await waitFor(
      async () => {
        const still = await next();
        green = green === 0 ? 255 : 0;
        await paint(green === 0 ? 'black' : 'white');
        const shown = await waitFor(
          () => shots.find((shot) => shot.atMs > still.atMs && shot.green === green),
          { what: 'the change', timeoutMs: 20_000 },
        );
        return shown.atMs - still.atMs < 800;
      },
      { what: 'a change that is shown at once', timeoutMs: 60_000 },
    );
  });

  test('goes on at the rate while nothing changes', async () => {
    const { shots, next } = await captureDesktop(20);
    const first = await next();
    await waitFor(() => (shots.at(-1)?.atMs ?? 0) > first.atMs + 3_000, {
      ...{ what: 'three seconds', timeoutMs: 30_000 },
    });
    const taken = shots.filter(({ atMs }) => atMs > first.atMs && atMs <= first.atMs + 3_000);
    expect(taken.length).toBeGreaterThan(5);
    expect(taken.length).toBeLessThanOrEqual(62);
  });

  test('shows changes of a display that tells of none', async () => {
    const { paint, next } = await captureDesktop(10, ['-extension', 'DAMAGE']);
    for (const [colour, green] of [
      ['white', 255],
      ['black', 0],
    ] as const) {
      await paint(colour);
      await waitFor(async () => (await next()).green === green, { what: colour });
    }
  });
});
