import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { openTestBrowser } from '../../support/browser/test-browser.ts';
import { EngineProcess } from '../../support/contract/engine-process.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import {
  aClusterProcess,
  isReady,
  sessionsAt,
  withLongGrace,
} from '../../support/gateway/cluster-gateways.ts';
import type { SignalGateway } from '../../support/gateway/signal-gateway.ts';
import { HOOK_SECRET } from '../../support/gateway/start-gateway.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { Balancer } from '../../support/net/balancer.ts';
import { startRedis } from '../../support/redis/start-redis.ts';
import { waitFor } from '../../support/wait-for.ts';

const ROOM = 'demo';
const VIDEO = '[data-testid="video"]';

interface Stage {
  readonly page: Page;
  /** Whose gateway the room is at home at, and the other one. */
  readonly gateways: readonly [SignalGateway, SignalGateway];
}

/** A cube that a viewer controls, through a balancer, at the first of two gateways. */
async function aDrivenCube(): Promise<Stage> {
  const redis = await startRedis();
  const balancer = await Balancer.start([]);
  onTestFinished(() => balancer.close());
  const hooks = `${balancer.url}/api/srs?secret=${encodeURIComponent(HOOK_SECRET)}`;
  const engine = await EngineProcess.start({ ENGINE_HOOKS_URL: hooks });
  onTestFinished(async () => {
    await engine.stop();
  });
  const gateways = await Promise.all([
    aClusterProcess(engine.current.apiUrl, redis.url),
    aClusterProcess(engine.current.apiUrl, redis.url),
  ]);
  balancer.backends = gateways.map(({ url }) => url);
  const CS_TOKEN = aToken({ sub: 'cube', room: ROOM, can: ['host', 'publish'] });
  const place = ['--gateway', balancer.url, '--room', ROOM, '--source', 'cube'];
  const cube = new HostProcess(place, { CS_TOKEN });
  onTestFinished(async () => {
    await cube.close();
  });
  await cube.live();
  const browser = await openTestBrowser();
  onTestFinished(() => browser.close());
  const token = aToken({ sub: 'anna', room: ROOM, can: ['watch', 'control'] });
  const page = await browser.open(`${balancer.url}/watch/${ROOM}#token=${token}`);
  await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 60_000 });
  await page.getByTestId('control').waitFor();
  await withLongGrace(balancer.url);
  await page.getByTestId('drive').click();
  await stands(page, 'driving');
  return { page, gateways };
}

const standing = (page: Page): Promise<string | null> =>
  page.getByTestId('control-status').getAttribute('data-standing');

const stands = (page: Page, kind: string): Promise<true> =>
  waitFor(async () => (await standing(page)) === kind, {
    timeoutMs: 60_000,
    what: `the page to be ${kind}`,
  });

/** Names of the sessions whose media does not go through a gateway. */
const byNode = (sessions: readonly { id: string; transport: string }[]): readonly string[] =>
  sessions.flatMap(({ id, transport }) => (transport === 'webrtc' ? [id] : [])).toSorted();

/** Notes each state that the player is in from now on. */
const noteStates = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const main = document.querySelector('main[data-state]');
    const states: (string | null)[] = [];
    Object.assign(globalThis, { states });
    if (main === null) return;
    new MutationObserver(() => states.push(main.getAttribute('data-state'))).observe(main, {
      attributes: true,
      attributeFilter: ['data-state'],
    });
  });

/** Resolves when the page plays and controls as before, by the same sessions, and never stopped playing. */
async function isUnharmed(page: Page, at: SignalGateway, before: readonly string[]): Promise<void> {
  await waitFor(() => at.output.includes('room adopted'), {
    timeoutMs: 30_000,
    what: 'the other gateway to go on',
  });
  await page.getByTestId('control').waitFor();
  await stands(page, 'driving');
  await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 30_000 });
  const states = await page.evaluate(() => (globalThis as { states?: string[] }).states);
  expect(states).toEqual([]);
  expect(byNode(await sessionsAt(at.url))).toEqual(before);
}

test('[ADOPT-15] the gateway of a viewer in control is killed, and the next one is stopped: the picture goes on, and control is back without a reload', async () => {
  const { page, gateways } = await aDrivenCube();
  const [one, two] = gateways;
  const sessions = byNode(await sessionsAt(one.url));
  expect(sessions.length).toBeGreaterThan(1);
  await noteStates(page);

  await one.kill();
  await isUnharmed(page, two, sessions);
  await one.start();
  await isReady(one.url);
  expect(await two.stop()).toBe(0);
  await isUnharmed(page, one, sessions);
}, 240_000);
