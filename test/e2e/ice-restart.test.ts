import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { paintMovingPicture } from '../support/browser/moving-picture.ts';
import { openPageServer, type PageServer } from '../support/browser/page-server.ts';
import { publishFromPage, watchFromPage } from '../support/browser/page-session.ts';
import { readConnectionStates, readInbound } from '../support/browser/peer-connections.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser/test-browser.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';
import { waitFor } from '../support/wait-for.ts';

let gateway: GatewayProcess;
let pages: PageServer;
let browser: TestBrowser;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  pages = await openPageServer();
  browser = await openTestBrowser();
});
afterAll(async () => {
  await browser.close();
  await pages.close();
  await gateway.close();
});

test('[WHIP-50] [WHIP-51] an ICE restart is refused and media flows on, for publisher and viewer', async () => {
  const room = 'restart';
  const bearer = gateway.token({ sub: 'anna', room, can: ['publish', 'watch'] });
  const publisher = await browser.open(pages.page('publisher'));
  await paintMovingPicture(publisher);
  const published = await openSession(publisher, () =>
    publishFromPage(publisher, { url: `${gateway.url}/whip/${room}`, bearer }),
  );
  const viewer = await browser.open(pages.page('viewer'));
  const watched = await openSession(viewer, () =>
    watchFromPage(viewer, { url: `${gateway.url}/whep/${room}`, bearer }),
  );

  for (const [page, session] of [
    [publisher, published],
    [viewer, watched],
  ] as const) {
    const before = (await readInbound(viewer)).framesDecoded;
    const refusal = await page.evaluate(restartIce, session);
    expect(refusal).toMatchObject({ status: 422, code: 'ice-restart-unsupported' });
    // A second and more of pictures that came after the refusal.
    await waitFor(async () => (await readInbound(viewer)).framesDecoded > before + 40, {
      timeoutMs: 15_000,
      what: 'pictures after the refused restart',
    });
    expect(await readConnectionStates(page)).toEqual(['connected']);
    expect((await fetch(session)).status).toBe(204);
  }
});

/** The session URL of the POST that `open` makes. */
async function openSession(page: Page, open: () => Promise<unknown>): Promise<string> {
  const posted = page.waitForResponse((response) => response.request().method() === 'POST');
  await open();
  return (await (await posted).headerValue('location')) ?? '';
}

/** Runs in the page: a restart as RFC 9725 §4.3.3 has it, taken back when it is refused. */
async function restartIce(session: string): Promise<{ status: number; code: unknown }> {
  const peer = window.testPeers?.at(-1);
  if (peer === undefined) throw new Error('no peer connection');
  peer.restartIce();
  await peer.setLocalDescription();
  const { sdp = '' } = peer.localDescription ?? {};
  const lines = ['ice-ufrag', 'ice-pwd'].map(
    (name) => new RegExp(`^a=${name}:.*$`, 'm').exec(sdp)?.[0].trim() ?? '',
  );
  const response = await fetch(session, {
    method: 'PATCH',
    headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' },
    body: `${[...lines, 'm=audio 9 RTP/AVP 0', 'a=mid:0'].join('\r\n')}\r\n`,
  });
  const { code } = (await response.json()) as { code?: unknown };
  await peer.setLocalDescription({ type: 'rollback' });
  return { status: response.status, code };
}
