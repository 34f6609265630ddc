import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readAudioLevel } from '../support/browser/audio-level.ts';
import { readInbound } from '../support/browser/peer-connections.ts';
import { waitForMovingPicture } from '../support/browser/picture.ts';
import { waitFor } from '../support/wait-for.ts';
import { Theatre, startSharing, waitForState } from './theatre.ts';

const VIDEO = '[data-testid="video"]';

describe('sharing a screen and watching it', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterEach(() => theatre.clear());
  afterAll(() => theatre.close());

  test('[E2E-1] one shares, three watch: frames decode, the picture moves, the tone is heard', async () => {
    const room = theatre.newRoom();
    const share = await theatre.share(room);
    const viewers = [
      await theatre.watch(room),
      await theatre.watch(room),
      await theatre.watch(room),
    ];

    for (const viewer of viewers) {
      await waitForState(viewer, 'live');
      await waitForMovingPicture(viewer, { selector: VIDEO });
    }
    const [first] = viewers;
    if (first === undefined) throw new Error('no viewer');
    const { framesDecoded } = await readInbound(first);
    await waitFor(async () => (await readInbound(first)).framesDecoded > framesDecoded + 30, {
      what: 'thirty more decoded frames',
    });
    const level = await waitFor(
      async () => {
        const heard = await readAudioLevel(first, { selector: VIDEO });
        return heard.rms > 0.02 && heard;
      },
      { timeoutMs: 10_000, what: 'sound above silence' },
    );
    expect(level.peakHz).toBeGreaterThan(380);
    expect(level.peakHz).toBeLessThan(500);
    await waitFor(async () => (await share.getByTestId('viewers').textContent()) === '3', {
      what: 'the share page to count three viewers',
    });
    await share.getByTestId('stop').click();
  });

  test('[E2E-2] a late joiner sees the picture too', async () => {
    const room = theatre.newRoom();
    await theatre.share(room);
    const early = await theatre.watch(room);
    await waitForMovingPicture(early, { selector: VIDEO });

    const late = await theatre.watch(room);
    await waitForMovingPicture(late, { selector: VIDEO });
  });

  test('[E2E-3] a viewer who comes first is told so and sees the picture once somebody shares', async () => {
    const room = theatre.newRoom();
    const viewer = await theatre.watch(room);
    await waitForState(viewer, 'waiting');
    expect(await viewer.getByTestId('overlay').isVisible()).toBe(true);

    await theatre.share(room);
    await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 15_000 });
  });

  test('[E2E-4] the publisher goes and comes back: viewers wait and see it again without a reload', async () => {
    const room = theatre.newRoom();
    const share = await theatre.share(room);
    const viewer = await theatre.watch(room);
    await waitForMovingPicture(viewer, { selector: VIDEO });
    await viewer.evaluate(() => {
      document.body.dataset['notReloaded'] = 'yes';
    });

    await share.getByTestId('stop').click();
    await waitForState(viewer, 'waiting');
    await startSharing(share);
    await waitForState(viewer, 'live');
    await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 15_000 });
    expect(await viewer.evaluate(() => document.body.dataset['notReloaded'])).toBe('yes');
  });
});
