import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { surveyEncoders } from '../../../host-publisher/survey.ts';
import { readAudioLevel } from '../../support/browser/audio-level.ts';
import { readInbound } from '../../support/browser/peer-connections.ts';
import { samplePicture, waitForMovingPicture } from '../../support/browser/picture.ts';
import { readTimeCode } from '../../support/browser/time-code.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { openVirtualDisplay } from '../../support/host/virtual-display.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { HostStage } from '../../support/stage/host-stage.ts';
import { waitFor } from '../../support/wait-for.ts';

const encoders = (await surveyEncoders(aPlan())).filter(({ works }) => works);
const VIDEO = '[data-testid="video"]';

describe('a host that publishes', () => {
  let stage: HostStage;

  beforeAll(async () => {
    stage = await HostStage.open();
  });
  afterEach(() => stage.clear());
  afterAll(() => stage.close());

  const publish = (argv: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    stage.publish(argv, { CS_FPS: '30', CS_BITRATE_KBPS: '1500', ...more });

  test.for(encoders)(
    'the cube by $encoder: it turns, its time code can be read, its tone is heard',
    async ({ encoder }, { skip }) => {
      skip(encoder === 'vp8enc' && GatewayProcess.usesRealNodes, 'SRS carries no VP8');
      const page = await stage.watch(await publish(['--source', 'cube', '--encoder', encoder]));
      const picture = await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 15_000 });
      expect([picture.width, picture.height]).toEqual([640, 360]);

      const first = await waitFor(() => readTimeCode(page, VIDEO), { what: 'a time code' });
      const second = await waitFor(
        async () => {
          const code = await readTimeCode(page, VIDEO);
          return code !== null && code.frame > first.frame && code;
        },
        { what: 'a later frame' },
      );
      expect(second.paintedAtMs).toBeGreaterThan(first.paintedAtMs);
      expect(second.ageMs).toBeGreaterThanOrEqual(0);
      expect(second.ageMs).toBeLessThan(10_000);

      const heard = await waitFor(
        async () => {
          const level = await readAudioLevel(page, { selector: VIDEO });
          return level.rms > 0.02 && level;
        },
        { timeoutMs: 10_000, what: 'the tone' },
      );
      expect(heard.peakHz).toBeGreaterThan(380);
      expect(heard.peakHz).toBeLessThan(500);
    },
  );

  test.for(encoders)(
    'a viewer of $encoder asks for no key frame while nothing is lost',
    async ({ encoder }, { skip }) => {
      skip(encoder === 'vp8enc' && GatewayProcess.usesRealNodes, 'SRS carries no VP8');
      const large = { CS_WIDTH: '1280', CS_HEIGHT: '720' };
      const argv = ['--source', 'cube', '--encoder', encoder];
      const page = await stage.watch(await publish(argv, large));
      await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 15_000 });
      const before = await readInbound(page);
      const after = await waitFor(
        async () => {
          const now = await readInbound(page);
          return now.framesDecoded > before.framesDecoded + 150 && now;
        },
        { timeoutMs: 20_000, what: 'five seconds of frames' },
      );
      expect(after.pliCount - before.pliCount).toBeLessThanOrEqual(2);
    },
  );

  test('the test pattern: frames decode, and a late viewer has a picture at once', async () => {
    const room = await publish(['--source', 'test']);
    const early = await stage.watch(room);
    await waitForMovingPicture(early, { selector: VIDEO, timeoutMs: 15_000 });
    const { framesDecoded } = await readInbound(early);
    await waitFor(async () => (await readInbound(early)).framesDecoded > framesDecoded + 30, {
      what: 'thirty more frames',
    });

    const late = await stage.watch(room);
    await waitForMovingPicture(late, { selector: VIDEO });
    const { meanColour } = await samplePicture(late, VIDEO);
    expect(Math.max(...meanColour)).toBeGreaterThan(40);
  });

  test('the desktop: its pixels arrive, without sound where none can be had', async () => {
    const display = await openVirtualDisplay();
    try {
      const argv = ['--source', 'desktop', '--display', display.name];
      const page = await stage.watch(await publish(argv, { PULSE_SERVER: 'unix:/nowhere' }));
      const grey = await waitFor(
        async () => {
          const { width, meanColour } = await samplePicture(page, VIDEO);
          return width === 640 && meanColour.every((value) => value > 70 && value < 190);
        },
        { timeoutMs: 15_000, what: 'the grey of an empty X11 screen' },
      );
      expect(grey).toBe(true);
      expect(stage.host?.output).toContain('The picture is published without sound: ');
    } finally {
      await display.close();
    }
  });

  test('the media process is killed: the same page shows the cube again', async () => {
    const page = await stage.watch(await publish(['--source', 'cube']));
    const before = await waitFor(() => readTimeCode(page, VIDEO), {
      timeoutMs: 15_000,
      what: 'a time code',
    });
    const killed = stage.host?.mediaPid ?? 0;
    process.kill(killed, 'SIGKILL');
    const after = await waitFor(
      async () => {
        const code = await readTimeCode(page, VIDEO);
        return code !== null && code.paintedAtMs > before.paintedAtMs + 1_000 && code;
      },
      { timeoutMs: 15_000, what: 'the cube of another process' },
    );
    expect(stage.host?.mediaPid).not.toBe(killed);
    expect(after.ageMs).toBeLessThan(10_000);
  });
});
