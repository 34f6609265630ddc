import { setTimeout as delay } from 'node:timers/promises';
import { paintMovingPicture } from '../support/browser/moving-picture.ts';
import { openPageServer } from '../support/browser/page-server.ts';
import {
  endPageSessions,
  publishFromPage,
  watchFromPage,
  type SessionTimes,
} from '../support/browser/page-session.ts';
import { openTestBrowser } from '../support/browser/test-browser.ts';
import type { GatewayProcess } from './gateway-process.ts';

export interface FirstFrames {
  readonly times: readonly SessionTimes[];
  readonly failures: readonly string[];
}

/** A viewer page of a real Chromium joins one live room through the gateway again and again. */
export async function measureFirstFrames(
  gateway: GatewayProcess,
  joins: number,
): Promise<FirstFrames> {
  const pages = await openPageServer();
  const browser = await openTestBrowser({ viewport: { width: 320, height: 180 } });
  try {
    const room = `frames-${Date.now().toString(36)}`;
    const publisher = await browser.open(pages.page('publisher'));
    await paintMovingPicture(publisher, { shown: false, width: 640, height: 360 });
    const whip = { url: `${gateway.url}/whip/${room}`, bearer: gateway.mint(room, ['publish']) };
    await publishFromPage(publisher, { ...whip, startBitsPerSecond: 1_000_000 });
    const viewer = await browser.open(pages.page('viewer'));
    const whep = { url: `${gateway.url}/whep/${room}`, bearer: gateway.mint(room, ['watch']) };
    const times: SessionTimes[] = [];
    const failures: string[] = [];
    for (let join = 0; join < joins; join += 1) {
      try {
        times.push(await watchFromPage(viewer, whep));
      } catch (error) {
        failures.push(String(error));
      }
      await endPageSessions(viewer);
      // PLIs are throttled to one per 500 ms: viewers of a real room do not come in lockstep.
      await delay(100 + Math.random() * 500);
    }
    return { times, failures };
  } finally {
    await browser.close();
    await pages.close();
  }
}
