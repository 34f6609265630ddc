import { once } from 'node:events';
import { WebSocket } from 'ws';
import { TOKEN_PROTOCOL_PREFIX, VIEWER_PROTOCOL } from '../../gateway/protocol/viewer-protocol.ts';
import { X11Screen } from '../../host-publisher/screen/x11-screen.ts';
import { X11Connection } from '../../host-publisher/x11/x11-connection.ts';
import { openTestBrowser } from '../support/browser/test-browser.ts';
import { HostProcess } from '../support/host/host-process.ts';
import { openVirtualDisplay } from '../support/host/virtual-display.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';
import { waitFor } from '../support/wait-for.ts';
import type { BenchReport } from './bench-report.ts';
import { describeDistribution, distributionOf } from './distribution.ts';

const ROOM = 'resize';
const LARGEST = { width: 1920, height: 1080 };
const MOST_MS = 400;
/** A window is resized again when it has been calm, as a person does. */
const CALM_MS = 2_100;

/** Sizes of windows, none the same as the one before. */
const sizeOf = (turn: number) => ({ width: 800 + 82 * (turn % 11), height: 500 + 54 * (turn % 7) });

/**
 * From a viewport at the controller's socket until Chromium shows the first picture of that size,
 * beside the change of the screen alone.
 */
export async function benchResize(report: BenchReport, count: number): Promise<void> {
  const display = await openVirtualDisplay(LARGEST);
  const gateway = await GatewayProcess.start();
  const host = new HostProcess(
    ['--gateway', gateway.url, '--room', ROOM, '--source', 'desktop', '--display', display.name],
    {
      CS_TOKEN: gateway.token({ sub: 'machine', room: ROOM, can: ['publish', 'host'] }),
      ...{ CS_FPS: '30', CS_BITRATE_KBPS: '4000', CS_WIDTH: '1280', CS_HEIGHT: '720' },
    },
  );
  const browser = await openTestBrowser();
  try {
    report.section('resize: viewport at the gateway -> picture of that size in Chromium');
    await host.live();
    const token = gateway.token({ sub: 'controller', room: ROOM, can: ['watch', 'control'] });
    const page = await browser.open(`${gateway.url}/watch/${ROOM}#token=${token}`);
    await page.evaluate(watchSizes);
    const control = await takeControl(gateway.url, token);
    const took: number[] = [];
    for (let turn = 0; turn < count; turn += 1) {
      const size = sizeOf(turn);
      const sentAtMs = performance.timeOrigin + performance.now();
      control.send(JSON.stringify({ type: 'viewport', size: { ...size, scale: 1 } }));
      const shownAtMs = await waitFor(
        () => page.evaluate(shownAt, { key: `${size.width}x${size.height}`, sinceMs: sentAtMs }),
        { timeoutMs: 10_000, everyMs: 50, what: `a picture of ${size.width}x${size.height}` },
      );
      took.push(shownAtMs - sentAtMs);
      await new Promise((resolve) => setTimeout(resolve, CALM_MS));
    }
    control.terminate();
    const [first = Number.NaN, ...others] = took;
    report.line(`  the first one            ${first.toFixed(0)} ms`);
    const spread = distributionOf(others);
    report.line(`  viewport -> picture      ${describeDistribution(spread, 'ms')}`);
    report.check({ name: 'resize, p95', value: spread.p95, unit: 'ms', atMost: MOST_MS });
    const alone = distributionOf(await resizeAlone(display.name, count));
    report.line(`  the screen's mode alone  ${describeDistribution(alone, 'ms')}`);
  } finally {
    await browser.close();
    await host.close();
    await gateway.close();
    await display.close();
  }
}

async function takeControl(url: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/control/${ROOM}`, [
    VIEWER_PROTOCOL,
    `${TOKEN_PROTOCOL_PREFIX}${token}`,
  ]);
  let isGranted = false;
  socket.on('message', (data: Buffer) => {
    isGranted ||= data.toString().includes('"granted"');
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'viewer/watching', source: 'main', session: null }));
  socket.send(JSON.stringify({ type: 'control/request', id: 'bench' }));
  await waitFor(() => isGranted, { timeoutMs: 10_000, what: 'control' });
  return socket;
}

async function resizeAlone(display: string, count: number): Promise<number[]> {
  const x11 = await X11Connection.open(display);
  const screen = await X11Screen.open(x11);
  const took: number[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const startMs = performance.now();
    await screen?.resize(sizeOf(turn));
    took.push(performance.now() - startMs);
  }
  x11.close();
  return took;
}

interface Watching extends Window {
  shown?: { readonly key: string; readonly atMs: number }[];
}

/** In the page: notes when each picture is presented, and how large it is. */
function watchSizes(): void {
  const shown: { key: string; atMs: number }[] = [];
  (window as Watching).shown = shown;
  const watch = (video: HTMLVideoElement): void => {
    const note = (_: number, frame: VideoFrameCallbackMetadata): void => {
      const key = `${frame.width}x${frame.height}`;
      if (shown.at(-1)?.key !== key) {
        shown.push({ key, atMs: performance.timeOrigin + frame.presentationTime });
      }
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  };
  const find = (): void => {
    const video = document.querySelector('video');
    if (video === null) setTimeout(find, 50);
    else watch(video);
  };
  find();
}

/** In the page: when a picture of this size was first shown since then. */
function shownAt({ key, sinceMs }: { key: string; sinceMs: number }): number | null {
  const found = (window as Watching).shown?.find(
    (each) => each.key === key && each.atMs >= sinceMs,
  );
  return found?.atMs ?? null;
}
