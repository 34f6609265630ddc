import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPageServer, type PageServer } from '../../support/browser/page-server.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const ROOM = 'portal';

/** What the element told the page around it. */
interface Told {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>> | string | null;
}

interface Viewer extends HTMLElement {
  token: string;
  requestControl(): void;
  releaseControl(): void;
  pause(): void;
}

declare global {
  interface Window {
    told?: Told[];
  }
}

describe('the watch page within a page of another site', () => {
  let pages: PageServer;
  let gateway: GatewayProcess;
  let browser: TestBrowser;
  let cube: HostProcess;
  let portal: string;

  beforeAll(async () => {
    pages = await openPageServer();
    portal = pages.origin.replace('127.0.0.1', 'localhost');
    gateway = await GatewayProcess.start({ EMBED_ORIGINS: portal });
    browser = await openTestBrowser();
    const CS_TOKEN = gateway.token({ sub: 'cube', room: ROOM, can: ['host', 'publish'] });
    cube = new HostProcess(['--gateway', gateway.url, '--room', ROOM, '--source', 'cube'], {
      CS_TOKEN,
    });
    await cube.live();
  });
  afterEach(async () => {
    for (const page of browser.context.pages()) await page.close();
  });
  afterAll(async () => {
    await browser.close();
    expect(browser.pageErrors).toEqual([]);
    expect(await cube.close(), cube.output).toBe(0);
    await gateway.close();
    await pages.close();
  });

  const aToken = (sub = 'anna') => gateway.token({ sub, room: ROOM, can: ['watch', 'control'] });

  /** A page with the element, which has its token by property. */
  const embed = async (
    origin: string,
    token = aToken(),
    attributes: Readonly<Record<string, string>> = {},
  ): Promise<Page> => {
    const page = await browser.open(`${origin}/?title=portal`);
    await page.addScriptTag({ type: 'module', url: `${gateway.url}/embed/pixelcast-viewer.js` });
    await page.evaluate(
      ({ token, attributes }) => {
        const told: Told[] = [];
        window.told = told;
        const viewer = document.createElement('pixelcast-viewer') as Viewer;
        for (const [name, value] of Object.entries(attributes)) viewer.setAttribute(name, value);
        viewer.token = token;
        for (const type of ['ready', 'statechange', 'controlchange', 'error']) {
          viewer.addEventListener(type, (event) => {
            const detail =
              event instanceof CustomEvent
                ? (event.detail as Told['detail'])
                : event instanceof ErrorEvent
                  ? event.message
                  : null;
            told.push({ type, detail });
          });
        }
        document.body.append(viewer);
      },
      { token, attributes: { room: ROOM, ...attributes } },
    );
    return page;
  };

  const heard = (page: Page, type: string, part: string) =>
    waitFor(
      async () => {
        const told = await page.evaluate(() => window.told ?? []);
        return told.some(
          (each) => each.type === type && JSON.stringify(each.detail).includes(part),
        );
      },
      { timeoutMs: 30_000, what: `${type} with ${part}` },
    );
  const frameOf = (page: Page): FrameLocator =>
    page.locator('pixelcast-viewer').frameLocator('iframe');
  const order = (page: Page, name: 'requestControl' | 'releaseControl' | 'pause') =>
    page.locator('pixelcast-viewer').evaluate((viewer, what) => (viewer as Viewer)[what](), name);

  test('shows the picture with a token that stands in no address', async () => {
    const page = await embed(portal);
    await heard(page, 'ready', 'null');
    await heard(page, 'statechange', '"live"');
    await heard(page, 'statechange', '"width":640');
    expect(await page.locator('pixelcast-viewer').evaluate((viewer) => viewer.outerHTML)).toBe(
      `<pixelcast-viewer room="${ROOM}"></pixelcast-viewer>`,
    );
    const frame = page.frames().find((each) => each.url().startsWith(gateway.url));
    expect(frame?.url()).toBe(`${gateway.url}/watch/${ROOM}?embed=1`);
    expect(await frameOf(page).locator('.watch-head').isVisible()).toBe(false);
  });

  test('the page around asks for control and gives it back, and pauses', async () => {
    const page = await embed(portal);
    await heard(page, 'controlchange', '"free"');
    await order(page, 'requestControl');
    await heard(page, 'controlchange', '"driving","place":null,"drivers":["anna"]');
    await frameOf(page).getByTestId('surface').click();
    await frameOf(page).getByTestId('way-out').waitFor();
    await order(page, 'releaseControl');
    await waitFor(
      async () =>
        (
          await page.evaluate(
            () => window.told?.filter(({ type }) => type === 'controlchange') ?? [],
          )
        )
          .map(({ detail }) => JSON.stringify(detail))
          .at(-1)
          ?.includes('"free"'),
      { timeoutMs: 15_000, what: 'control to be free again' },
    );
    await order(page, 'pause');
    const video = frameOf(page).locator('video');
    await waitFor(() => video.evaluate((element: HTMLVideoElement) => element.paused), {
      what: 'the player to pause',
    });
  });

  test('another token starts it afresh as somebody else', async () => {
    const page = await embed(portal, 'no.good.token');
    await heard(page, 'statechange', '"token-invalid"');
    await page
      .locator('pixelcast-viewer')
      .evaluate((viewer, token) => Object.assign(viewer, { token }), aToken('ben'));
    await heard(page, 'statechange', '"live"');
  });

  test('[MEDIA-106] plays the way its `mode` says, and no other', async () => {
    const page = await embed(portal, aToken(), { mode: 'websocket' });
    await heard(page, 'statechange', '"mode":"websocket"');
    await heard(page, 'statechange', '"width":640');
    const frame = page.frames().find((each) => each.url().startsWith(gateway.url));
    expect(await frame?.evaluate(() => window.testPeers?.length ?? 0)).toBe(0);
    await page
      .locator('pixelcast-viewer')
      .evaluate((viewer) => viewer.setAttribute('mode', 'webrtc'));
    await heard(page, 'statechange', '"mode":"webrtc"');
    await page
      .locator('pixelcast-viewer')
      .evaluate((viewer) => viewer.setAttribute('mode', 'pigeon'));
    await heard(page, 'error', 'mode');
  });

  test('a page of an origin that is not listed shows nothing, and is told why', async () => {
    const page = await embed(pages.origin);
    await heard(page, 'error', 'EMBED_ORIGINS');
    expect(await frameOf(page).locator('video').count()).toBe(0);
  });

  test('a name that cannot be is an error at once', async () => {
    const page = await embed(portal);
    await page
      .locator('pixelcast-viewer')
      .evaluate((viewer) => viewer.setAttribute('room', 'no such room'));
    await heard(page, 'error', 'room');
  });
});
