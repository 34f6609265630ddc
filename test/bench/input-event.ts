import { setTimeout as delay } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { WebSocketServer, type RawData } from 'ws';
import { openTestBrowser } from '../support/browser/test-browser.ts';
import { HostProcess } from '../support/host/host-process.ts';
import { openVirtualDisplay } from '../support/host/virtual-display.ts';
import { X11Witness } from '../support/host/x11-witness.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';
import { waitFor } from '../support/wait-for.ts';
import type { BenchReport } from './bench-report.ts';
import { describeDistribution, distributionOf } from './distribution.ts';

const ROOM = 'event';
const SCREEN = { width: 640, height: 360 };
const GAP_MS = 20;

/** When the last one came, in epoch milliseconds with fractions; taken once. */
class Arrival {
  #atMs: number | null = null;

  note(): void {
    this.#atMs ??= nowMs();
  }

  take(): number | null {
    const atMs = this.#atMs;
    this.#atMs = null;
    return atMs;
  }
}

/**
 * From an event in a page of Chromium, by its own time stamp, until another X client hears of it:
 * page, gateway, host, XTEST. The baseline is the same event told by the page on a bare WebSocket.
 */
export async function benchEvent(report: BenchReport, count: number): Promise<void> {
  const display = await openVirtualDisplay(SCREEN);
  const witness = await X11Witness.open(display.name, { x: 0, y: 0, ...SCREEN });
  const gateway = await GatewayProcess.start();
  const host = new HostProcess(
    ['--gateway', gateway.url, '--room', ROOM, '--source', 'desktop', '--display', display.name],
    { CS_TOKEN: gateway.token({ sub: 'machine', room: ROOM, can: ['publish', 'host'] }) },
  );
  const bare = new Arrival();
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  relay.on('connection', (socket) => socket.on('message', (_: RawData) => bare.note()));
  const browser = await openTestBrowser();
  try {
    report.section('event: in a page -> at another program of the display');
    await host.live();
    const token = gateway.token({ sub: 'driver', room: ROOM, can: ['watch', 'control'] });
    // The page's own policy lets it connect to its gateway alone.
    const context = await browser.browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await page.goto(`${gateway.url}/watch/${ROOM}#token=${token}`);
    await drive(page, (relay.address() as AddressInfo).port);
    for (const [what, name, act] of [
      ['motion', 'MotionNotify', move],
      ['button', 'ButtonPress', click],
      ['key', 'KeyPress', type],
    ] as const) {
      await delay(500);
      const [whole, alone]: [number[], number[]] = [[], []];
      for (let turn = 0; turn < count; turn += 1) {
        bare.take();
        const heard = witness.next(name).then((atMs) => performance.timeOrigin + atMs);
        await act(page, turn);
        const heardAtMs = await heard;
        const bareAtMs = await waitFor(() => bare.take(), { what: 'the bare socket', everyMs: 1 });
        const madeAtMs = await page.evaluate(() => window.madeAtMs ?? Number.NaN);
        whole.push(heardAtMs - madeAtMs);
        alone.push(bareAtMs - madeAtMs);
        await delay(GAP_MS);
      }
      const spread = distributionOf(whole);
      report.line(`  ${what.padEnd(8)} through all   ${describeDistribution(spread, 'ms')}`);
      report.line(
        `  ${''.padEnd(8)} a bare socket ${describeDistribution(distributionOf(alone), 'ms')}`,
      );
      report.check({ name: `${what} -> injected, p50`, value: spread.p50, unit: 'ms', atMost: 5 });
      report.check({ name: `${what} -> injected, p99`, value: spread.p99, unit: 'ms', atMost: 15 });
    }
  } finally {
    await browser.close();
    relay.close();
    await host.close();
    await gateway.close();
    witness.close();
    await display.close();
  }
}

declare global {
  interface Window {
    madeAtMs?: number;
  }
}

/** The watch page in control; each event's time is kept, and told on a socket of its own. */
async function drive(page: Page, port: number): Promise<void> {
  await page.getByTestId('drive').click();
  await page.locator('[data-testid="control-status"][data-standing="driving"]').waitFor();
  await page.getByTestId('surface').click();
  await page.getByTestId('way-out').waitFor();
  await page.evaluate(async (to) => {
    const socket = new WebSocket(`ws://127.0.0.1:${to}`);
    await new Promise((open) => socket.addEventListener('open', open));
    const note = (event: Event): void => {
      window.madeAtMs = performance.timeOrigin + event.timeStamp;
      socket.send('.');
    };
    for (const name of ['pointerrawupdate', 'pointerdown', 'keydown'])
      addEventListener(name, note, true);
  }, port);
}

async function move(page: Page, turn: number): Promise<void> {
  await page.mouse.move(300 + (turn % 50) * 4, 300 + (turn % 30) * 4);
}

async function click(page: Page): Promise<void> {
  await page.mouse.down();
  await page.mouse.up();
}

async function type(page: Page): Promise<void> {
  await page.keyboard.press('g');
}

const nowMs = (): number => performance.timeOrigin + performance.now();
