import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { readInbound } from '../support/browser/peer-connections.ts';
import { waitForMovingPicture } from '../support/browser/picture.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { Theatre, startSharing } from './theatre.ts';

const VIDEO = '[data-testid="video"]';

describe('sharing in several sizes', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterEach(() => theatre.clear());
  afterAll(() => theatre.close());

  const shareSizes = async (room: string): Promise<Page> => {
    const share = await theatre.openShare(room);
    await share.getByLabel('Sizes').selectOption('several');
    await startSharing(share);
    return share;
  };

  test.skipIf(GatewayProcess.usesRealNodes)(
    '[E2E-24] [LAYER-02] a viewer chooses a smaller size, also after a change of the bitrate',
    async () => {
      const room = theatre.newRoom();
      const share = await shareSizes(room);
      expect(await share.getByLabel('Sizes').isDisabled()).toBe(true);
      const viewer = await theatre.watch(room);
      await waitForMovingPicture(viewer, { selector: VIDEO });
      const options = viewer.getByLabel('Quality').locator('option');
      await waitFor(async () => (await options.count()) > 2, {
        timeoutMs: 20_000,
        what: 'a choice of sizes',
      });
      const smallest = (await options.allTextContents()).at(-1) ?? '';
      await viewer.getByLabel('Quality').selectOption(smallest);
      await waitFor(async () => `${(await readInbound(viewer)).frameHeight}p` === smallest, {
        timeoutMs: 20_000,
        what: smallest,
      });
      await share.getByLabel('Bitrate').selectOption('1000000');
      await waitForMovingPicture(viewer, { selector: VIDEO });
    },
  );

  test.runIf(GatewayProcess.usesRealNodes)(
    '[E2E-25] [WHIP-20] on SRS one size is sent, and the page says so',
    async () => {
      const room = theatre.newRoom();
      const share = await shareSizes(room);
      expect(await share.getByTestId('notice').textContent()).toMatch(/one size/i);
      const viewer = await theatre.watch(room);
      await waitForMovingPicture(viewer, { selector: VIDEO });
      expect(await viewer.getByLabel('Quality').count()).toBe(0);
    },
  );
});
