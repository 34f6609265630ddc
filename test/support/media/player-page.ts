import type { Page } from 'playwright-core';
import type * as PlayerModule from '../../../web/core/stripes/stripes-player.ts';
import type { TestBrowser } from '../browser/test-browser.ts';
import type { PageServer } from '../browser/page-server.ts';

declare global {
  interface Window {
    playerModule?: typeof PlayerModule;
    player?: PlayerModule.StripesPlayer;
    states?: string[];
  }
}

export interface PlayerPageOptions {
  readonly url: string;
  readonly thread?: 'worker' | 'page';
  /** Before the page's own modules. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** Opens a page in which the product's player plays `url` onto a canvas; it is `window.player`. */
export async function openPlayer(
  { browser, pages }: { readonly browser: TestBrowser; readonly pages: PageServer },
  { url, thread = 'worker', prepare }: PlayerPageOptions,
): Promise<Page> {
  const page = await browser.open(pages.page('player'));
  if (prepare !== undefined) {
    await prepare(page);
    await page.reload();
  }
  // As text: a test runner rewrites imports within functions.
  await page.evaluate(
    `import('/core/stripes/stripes-player.ts').then((all) => { window.playerModule = all; })`,
  );
  await page.evaluate(
    (options) => {
      const { playerModule } = window;
      if (playerModule === undefined) throw new Error('the module comes first');
      const canvas = document.createElement('canvas');
      canvas.style.cssText = 'display:block;width:640px';
      document.body.append(canvas);
      const player = new playerModule.StripesPlayer({ ...options, token: 'a-token', canvas });
      const states: string[] = [];
      player.state.subscribe(() => states.push(player.state.value.kind));
      window.player = player;
      window.states = states;
      player.start();
    },
    { url, thread },
  );
  return page;
}

/** The colour of a pixel of what the canvas shows, as shares of the picture. */
export function readPixel(page: Page, x: number, y: number): Promise<readonly number[]> {
  return page.evaluate(
    ([atX, atY]) => {
      const canvas = document.querySelector('canvas');
      const copy = new OffscreenCanvas(1, 1).getContext('2d');
      if (canvas === null || copy === null) throw new Error('no canvas');
      copy.drawImage(canvas, atX * canvas.width, atY * canvas.height, 1, 1, 0, 0, 1, 1);
      return [...copy.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
    },
    [x, y] as const,
  );
}
