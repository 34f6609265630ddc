import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { whyNoWall } from '../../support/net/walled-network.ts';
import { SEEN } from '../../support/stage/desktop-stage.ts';
import { readDiagnosis } from '../../support/stage/diagnosis-page.ts';
import { WalledStage } from '../../support/stage/walled-stage.ts';

const PATIENCE = { timeoutMs: 60_000, timeout: 60_000 };

const missing = whyNoWall();
if (missing !== null) console.warn(`SKIPPED, UDP cannot be blocked here: ${missing}`);

describe.skipIf(missing !== null)('a viewer who asks why', () => {
  let stage: WalledStage;
  beforeAll(async () => {
    stage = await WalledStage.open(true);
  });
  afterEach(() => stage.clear());
  afterAll(() => stage.close());

  test('[DIAG-05] where UDP is blocked the page says so, and what comes instead', async () => {
    const room = await stage.publish([]);
    stage.wall.blockUdp();
    const watch = await stage.watch(room, 'mode=webrtc');
    await watch.locator('[data-testid="watch"][data-problem="udp-blocked"]').waitFor(PATIENCE);
    await watch.getByTestId('why').click(PATIENCE);
    const found = await readDiagnosis(watch);
    expect(found.outcomes).toMatchObject({ link: 'passed', websocket: 'passed', udp: 'failed' });
    expect(found.tone).toBe('limited');
    expect(found.verdict).toBe(
      'This network blocks UDP, by which pictures come. Pictures come over the WebSocket instead.',
    );
    expect(found.advice).toContain('another network');
    stage.wall.allowUdp();
    await watch.getByTestId('again').click();
    await watch.locator('[data-testid="diagnose"][data-tone="good"]').waitFor(PATIENCE);
  });

  test('[DIAG-06] the diary of a session ends where UDP is blocked, and has a picture where it is not', async () => {
    const room = await stage.publish([]);
    const page = await stage.watch(room, 'mode=webrtc');
    await waitForMovingPicture(page, { selector: SEEN, ...PATIENCE });
    await page.getByTestId('figures-toggle').click();
    const diary = page.getByTestId('diary');
    for (const [step, by] of [
      ...(['auth', 'route', 'answer'] as const).map((each) => [each, 'gateway'] as const),
      ...(['stun', 'dtls', 'rtp', 'frame'] as const).map((each) => [each, 'player'] as const),
      ['rtp', 'node'] as const,
    ]) {
      await diary.locator(`[data-step="${step}"][data-by="${by}"]`).waitFor(PATIENCE);
    }
    await page.locator('[data-testid="diary"]:not([data-missing])').waitFor(PATIENCE);

    const token = stage.gateway.token({ sub: 'root', room: '*', can: ['admin'] });
    const admin = await stage.browser.open(`${stage.url}/admin/sessions#token=${token}`);
    await admin.locator('[data-kind="watch"] th a').click(PATIENCE);
    await admin
      .getByTestId('diary')
      .locator('[data-step="frame"][data-by="player"]')
      .waitFor(PATIENCE);

    stage.wall.blockUdp();
    await page.reload();
    await page.locator('[data-testid="watch"][data-problem="udp-blocked"]').waitFor(PATIENCE);
    await page.getByTestId('figures-toggle').click();
    await page
      .locator('[data-testid="diary"][data-missing="stun"] [data-step="answer"][data-by="gateway"]')
      .waitFor(PATIENCE);
  });
});
