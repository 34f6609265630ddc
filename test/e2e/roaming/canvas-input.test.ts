import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserWitness } from '../../support/host/browser-witness.ts';
import { DesktopStage, takeControl } from '../../support/stage/desktop-stage.ts';

describe('a desktop that is driven over WebSocket', () => {
  let stage: DesktopStage;
  let witness: BrowserWitness;
  beforeAll(async () => {
    stage = await DesktopStage.open();
    ({ witness } = stage);
  });
  afterAll(() => stage.close());

  test('[MEDIA-104] a click lands where it is seen, and keys arrive', async () => {
    const page = await stage.watch('anna', ['watch', 'control'], stage.browser, 'mode=websocket');
    expect(await page.getByTestId('watch').getAttribute('data-mode')).toBe('websocket');
    await takeControl(page);
    await witness.clearText();
    await witness.forget();
    const { x, y } = await stage.pointOf(page, 1_200, 700);
    await page.mouse.click(x, y, { button: 'right' });
    await witness.hears('the click', (events) =>
      events.some(
        (event) =>
          event.type === 'mousedown' &&
          Math.abs((event.x ?? -99) - 1_200) <= 3 &&
          Math.abs((event.y ?? -99) - 700) <= 3,
      ),
    );
    await page.keyboard.press('Escape');
    await witness.clearText();
    await page.keyboard.type('over the canvas');
    await witness.hasText('over the canvas');
  });
});
