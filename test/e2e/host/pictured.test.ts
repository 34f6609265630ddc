import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordFrames } from '../../bench/latency-frames.ts';
import { samplePicture } from '../../support/browser/picture.ts';
import { readTimeCode } from '../../support/browser/time-code.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { MediaPublication } from '../../support/host/media-publication.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const VIDEO = '[data-testid="video"]';
const MARKS = 20;
const SECONDS = 4;
const FPS = 30;
const VIDEO_CLOCK = 90_000;

describe('the first picture after an input', () => {
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

  test.for(['cube', 'test'] as const)(
    'of the %s has the same RTP timestamp at the host and in a page, but for SRS',
    async (source) => {
      const room = `pictured-${randomBytes(4).toString('hex')}`;
      const pictured = new Map<number, number>();
      const picture = { width: 640, height: 360, fps: FPS, bitrateKbps: 1_500 };
      const host = await MediaPublication.open({
        plan: aPlan({ source, picture }),
        url: `${gateway.url}/whip/${room}`,
        bearer: gateway.token({ sub: 'host', room, can: ['publish'] }),
        onPictured: (mark, rtpTimestamp) => pictured.set(mark, rtpTimestamp),
      });
      try {
        const token = gateway.token({ sub: 'viewer', room, can: ['watch'] });
        const page = await browser.open(`${gateway.url}/watch/${room}#token=${token}`);
        await waitFor(async () => (await samplePicture(page, VIDEO)).hash !== 0, {
          timeoutMs: 20_000,
          what: 'a picture',
        });
        const recorded = recordFrames(page, VIDEO, SECONDS);
        for (let mark = 1; mark <= MARKS; mark += 1) {
          host.send({ type: 'input-mark', id: mark });
          await waitFor(() => pictured.has(mark), { what: `the picture of mark ${mark}` });
        }
        const { presented, frames } = await recorded;
        const shown = new Set(presented.map(({ rtpTimestamp }) => rtpTimestamp ?? -1));
        if (GatewayProcess.usesRealNodes) {
          // SRS begins the timestamps of each viewer at 0.
          expect(Math.min(...shown)).toBeLessThan(VIDEO_CLOCK * 60);
          return;
        }
        const hits = [...pictured.values()].filter((timestamp) => shown.has(timestamp));
        // A browser leaves pictures out where the machine is busy.
        expect(hits.length).toBeGreaterThan(MARKS / 2);
        if (source !== 'cube') return;

        for (const [mark, rtpTimestamp] of pictured) {
          const frame = frames.find((one) => one.rtpTimestamp === rtpTimestamp);
          if (frame === undefined) continue;
          expect(frame.mark).toBeGreaterThanOrEqual(mark);
          // At most the one frame that was painted between two ticks of the pipeline shows it earlier.
          const before = rtpTimestamp - (2 * VIDEO_CLOCK) / FPS;
          const older = frames.filter((one) => (one.rtpTimestamp ?? Infinity) < before);
          expect(older.every((one) => (one.mark ?? 0) < mark)).toBe(true);
        }
      } finally {
        await host.close();
      }
    },
  );

  test('has it after another publication has followed, too', async ({ skip }) => {
    skip(GatewayProcess.usesRealNodes, 'SRS begins the timestamps of each viewer at 0');
    const room = `pictured-${randomBytes(4).toString('hex')}`;
    const pictured: number[] = [];
    const publish = () =>
      MediaPublication.open({
        plan: aPlan(),
        url: `${gateway.url}/whip/${room}`,
        bearer: gateway.token({ sub: 'host', room, can: ['publish'] }),
        onPictured: (_, rtpTimestamp) => void pictured.push(rtpTimestamp),
      });
    const first = await publish();
    const token = gateway.token({ sub: 'viewer', room, can: ['watch'] });
    const page = await browser.open(`${gateway.url}/watch/${room}#token=${token}`);
    const before = await waitFor(() => readTimeCode(page, VIDEO), {
      timeoutMs: 20_000,
      what: 'the first cube',
    });
    await first.close();
    const closedAtMs = Date.now();
    // The gateway keeps the name until the server has noticed.
    const second = await waitFor(() => publish().catch(() => false as const), {
      timeoutMs: 40_000,
      everyMs: 500,
      what: 'another publication',
    });
    try {
      expect(before.paintedAtMs).toBeLessThan(closedAtMs);
      await waitFor(
        async () => ((await readTimeCode(page, VIDEO))?.paintedAtMs ?? 0) > closedAtMs,
        { timeoutMs: 20_000, what: 'the second cube' },
      );
      const recorded = recordFrames(page, VIDEO, SECONDS);
      for (let mark = 1; mark <= MARKS; mark += 1) {
        second.send({ type: 'input-mark', id: mark });
        await waitFor(() => pictured.length === mark, { what: `the picture of mark ${mark}` });
      }
      const shown = (await recorded).presented.map(({ rtpTimestamp }) => rtpTimestamp);
      expect(pictured.filter((one) => shown.includes(one)).length).toBeGreaterThan(MARKS / 2);
    } finally {
      await second.close();
    }
  });
});
