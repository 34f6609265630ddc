import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PublisherName } from '../../../host-publisher/media/plan.ts';
import { readAudioLevel } from '../../support/browser/audio-level.ts';
import { readInbound } from '../../support/browser/peer-connections.ts';
import { samplePicture, waitForMovingPicture } from '../../support/browser/picture.ts';
import { readSyncOffset } from '../../support/browser/sync-offset.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { readTimeCode } from '../../support/browser/time-code.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { lackOf } from '../../support/host/publishers.ts';
import { PulseServer } from '../../support/host/pulse-server.ts';
import { openVirtualDisplay } from '../../support/host/virtual-display.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const VIDEO = '[data-testid="video"]';
const PLAYED_HZ = 660;
/** On a busy machine, whose jitter makes the browser buffer more sound. */
const MOST_OFFSET_MS = 250;

let gateway: GatewayProcess;
let browser: TestBrowser;
beforeAll(async () => {
  gateway = await GatewayProcess.start();
  browser = await openTestBrowser();
});
afterAll(async () => {
  await browser.close();
  await gateway.close();
});

for (const publisher of PublisherName.options) {
  const lack = lackOf(publisher);
  describe.skipIf(lack !== null)(
    `published by ${publisher}${lack === null ? '' : ` (${lack})`}`,
    () => {
      let host: HostProcess;
      const publish = async (argv: readonly string[], settings: Record<string, string> = {}) => {
        const room = `by-${randomBytes(4).toString('hex')}`;
        const CS_TOKEN = gateway.token({ sub: 'host', room, can: ['publish'] });
        const picture = { CS_FPS: '30', CS_BITRATE_KBPS: '1500' };
        const options = ['--gateway', gateway.url, '--room', room, '--publisher', publisher];
        host = new HostProcess([...options, '--stats', ...argv], {
          CS_TOKEN,
          ...picture,
          ...settings,
        });
        await host.live();
        return room;
      };
      const watch = (room: string): Promise<Page> => {
        const token = gateway.token({ sub: 'viewer', room, can: ['watch'] });
        return browser.open(`${gateway.url}/watch/${room}#token=${token}`);
      };
      const hears = (page: Page, hz: number) =>
        waitFor(
          async () => {
            const { rms, peakHz } = await readAudioLevel(page, { selector: VIDEO });
            return rms > 0.02 && Math.abs(peakHz - hz) < 60;
          },
          { timeoutMs: 15_000, what: `a tone of ${hz} Hz` },
        );

      afterEach(async () => {
        for (const page of browser.context.pages()) await page.close();
        expect(await host.close(), host.output).toBe(0);
        const { items } = (await gateway.api('GET', '/api/v1/sessions')) as {
          items: readonly { kind: string; state: string }[];
        };
        expect(items.filter(({ kind, state }) => kind === 'publish' && state !== 'ended')).toEqual(
          [],
        );
      });

      test('the cube: its time code is read, its tone is heard, a late viewer has a picture at once', async () => {
        const room = await publish(['--source', 'cube']);
        const page = await watch(room);
        await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 20_000 });
        const first = await waitFor(() => readTimeCode(page, VIDEO), { what: 'a time code' });
        await waitFor(async () => ((await readTimeCode(page, VIDEO))?.frame ?? 0) > first.frame, {
          what: 'a later frame',
        });
        await hears(page, 440);
        const late = await watch(room);
        await waitForMovingPicture(late, { selector: VIDEO });
        expect((await readInbound(late)).framesDecoded).toBeGreaterThan(0);
        expect(host.output).toMatch(/"arrivedKbps":\d/);
      });

      test('the desktop: its pixels arrive, and what PulseAudio plays is heard', async () => {
        const display = await openVirtualDisplay();
        const pulse = await PulseServer.open();
        try {
          pulse.play(PLAYED_HZ);
          const argv = ['--source', 'desktop', '--display', display.name];
          const page = await watch(await publish(argv, { PULSE_SERVER: pulse.address }));
          await waitFor(
            async () => {
              const { width, meanColour } = await samplePicture(page, VIDEO);
              return width === 640 && meanColour.every((value) => value > 70 && value < 190);
            },
            { timeoutMs: 20_000, what: 'the grey of an empty X11 screen' },
          );
          await hears(page, PLAYED_HZ);
        } finally {
          await pulse.close();
          await display.close();
        }
      });

      test('sound and picture of one moment are played close to each other', async () => {
        const page = await watch(await publish(['--source', 'cube']));
        await hears(page, 440);
        const offset = (): Promise<number> => readSyncOffset(page);
        await waitFor(async () => Math.abs(await offset()) < MOST_OFFSET_MS, {
          timeoutMs: 40_000,
          what: `an offset below ${MOST_OFFSET_MS} ms`,
        });
      }, 60_000);

      test('the media process is killed: the same page shows the cube again', async () => {
        const page = await watch(await publish(['--source', 'cube']));
        const before = await waitFor(() => readTimeCode(page, VIDEO), {
          timeoutMs: 20_000,
          what: 'a time code',
        });
        process.kill(host.mediaPid ?? 0, 'SIGKILL');
        await waitFor(
          async () =>
            ((await readTimeCode(page, VIDEO))?.paintedAtMs ?? 0) > before.paintedAtMs + 1_000,
          { timeoutMs: 20_000, what: 'the cube of another process' },
        );
      });
    },
  );
}
