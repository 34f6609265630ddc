import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readAudioLevel } from '../../support/browser/audio-level.ts';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { readTimeCode } from '../../support/browser/time-code.ts';
import { aClip } from '../../support/host/a-clip.ts';
import { HostStage } from '../../support/stage/host-stage.ts';
import { waitFor } from '../../support/wait-for.ts';

const VIDEO = '[data-testid="video"]';

describe('a source in Chromium', () => {
  let stage: HostStage;

  beforeAll(async () => {
    stage = await HostStage.open();
  });
  afterEach(() => stage.clear());
  afterAll(() => stage.close());

  const shown = async (argv: readonly string[]) => {
    const page = await stage.watch(await stage.publish(argv));
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 15_000 });
    return page;
  };

  test('a file plays on after its end, and its tone is heard', async () => {
    const page = await shown(['--source', 'file', '--file', await aClip({ seconds: 2 })]);
    await page.waitForFunction(
      (selector) => (document.querySelector<HTMLVideoElement>(selector)?.currentTime ?? 0) > 4,
      VIDEO,
    );
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 15_000 });
    const heard = await waitFor(
      async () => {
        const level = await readAudioLevel(page, { selector: VIDEO });
        return level.rms > 0.02 && level;
      },
      { timeoutMs: 10_000, what: 'the tone' },
    );
    expect(heard.peakHz).toBeGreaterThan(940);
    expect(heard.peakHz).toBeLessThan(1060);
  });

  test('the cube by OpenGL shows its time code', async () => {
    const page = await shown(['--source', 'cube', '--render', 'gl']);
    const code = await waitFor(() => readTimeCode(page, VIDEO), {
      timeoutMs: 15_000,
      what: 'a time code',
    });
    expect(code.ageMs).toBeLessThan(10_000);
    const later = await waitFor(
      async () => {
        const next = await readTimeCode(page, VIDEO);
        return next !== null && next.frame > code.frame + 10 && next;
      },
      { timeoutMs: 10_000, what: 'a later frame' },
    );
    expect(later.paintedAtMs).toBeGreaterThan(code.paintedAtMs);
  });
});
