import { expect, onTestFinished, test } from 'vitest';
import type { ControlLeases } from '../../../gateway/protocol/control.ts';
import type { InputFrame } from '../../../gateway/protocol/input.ts';
import { HeldInput } from '../../../host-publisher/input/held-input.ts';
import type * as BrowserPortModule from '../../../web/core/browser-port.ts';
import type * as HostControlModule from '../../../web/core/control/host-control.ts';
import type * as ViewerSocketModule from '../../../web/core/viewer-socket.ts';
import { openPageServer } from '../../support/browser/page-server.ts';
import { openTestBrowser } from '../../support/browser/test-browser.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { aHost } from '../../support/gateway/test-socket.ts';
import { waitFor } from '../../support/wait-for.ts';

const EXPOSE = `import { createBrowserPort } from '/core/browser-port.ts';
import { HostControl } from '/core/control/host-control.ts';
import { ViewerSocket } from '/core/viewer-socket.ts';
window.product = { createBrowserPort, HostControl, ViewerSocket };`;

test('[INPUT-91] a drag goes on when the process of the channels is killed, and ends when the button does', async () => {
  const { gateway } = await startGateway({ expectedErrors: /input channels lost/ });
  const devices = ['pointer', 'keyboard'] as const;
  const host = await aHost(gateway.url, { capabilities: { devices: [...devices] } });
  const pages = await openPageServer();
  onTestFinished(() => pages.close());
  const browser = await openTestBrowser({ viewport: { width: 320, height: 180 } });
  onTestFinished(() => browser.close());
  const page = await browser.open(pages.page('drag'));
  await page.addScriptTag({ type: 'module', content: EXPOSE });
  await page.waitForFunction(() => 'product' in window);

  const input = new HeldInput();
  let x = 0;
  host.socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as InputFrame | ControlLeases;
    if (message.type === 'control/leases') input.lease(message.leases);
    if (message.type !== 'input/frame') return;
    for (const act of input.take(message, 0) ?? []) if (act.type === 'move') x = act.x;
    const { epoch, sequence, at } = message;
    host.say({
      type: 'input/applied',
      epoch,
      sequence,
      at,
      events: input.eventsOf(epoch),
      tookUs: 1,
    });
  });
  const token = aToken({ sub: 'anna', can: ['watch', 'control'] });
  const url = `${gateway.url.replace('http', 'ws')}/ws/control/demo`;
  await page.evaluate(drive, { url, token });
  const isOpen = () => page.evaluate(() => window.driving.hasChannel);
  await waitFor(isOpen, { timeoutMs: 30_000, what: 'open channels' });
  await page.evaluate(() => window.driving.sender.button(0, true, performance.now()));
  await waitFor(() => input.isHolding, { what: 'the button' });
  const before = x;
  await waitFor(() => x > before, { what: 'a drag' });

  const ready = gateway.lines.find(({ msg }) => msg === 'input channels ready');
  process.kill(Number(ready?.['pid']), 'SIGKILL');
  await waitFor(async () => !(await isOpen()), { timeoutMs: 20_000, what: 'channels lost' });
  const lost = x;
  await waitFor(() => x > lost, { timeoutMs: 20_000, what: 'the drag to go on' });
  expect(input.isHolding).toBe(true);
  await page.evaluate(() => window.driving.sender.button(0, false, performance.now()));
  await waitFor(() => !input.isHolding, { what: 'the end of the drag' });
  expect((await gateway.request('GET', '/healthz')).status).toBe(200);
  await waitFor(isOpen, { timeoutMs: 30_000, what: 'channels again' });
  expect(browser.pageErrors).toEqual([]);
});

declare global {
  interface Window {
    product: typeof BrowserPortModule & typeof HostControlModule & typeof ViewerSocketModule;
    driving: HostControlModule.HostControl;
  }
}

/** Runs in the page: takes control and moves the pointer with every picture. */
async function drive({ url, token }: { url: string; token: string }): Promise<void> {
  const { createBrowserPort, HostControl, ViewerSocket } = window.product;
  const socket = new ViewerSocket(createBrowserPort(), { url, token, source: 'main' });
  const control = new HostControl(socket);
  window.driving = control;
  socket.open();
  while (socket.control.value === null) await new Promise(requestAnimationFrame);
  const outcome = await control.client.request();
  if (outcome.result !== 'granted') throw new Error(outcome.result);
  let moved = 0;
  const move = (): void => {
    moved += 1;
    control.sender.point(moved / 100_000, 0.5, performance.now());
    requestAnimationFrame(move);
  };
  move();
}
