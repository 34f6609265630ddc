import type { Page } from 'playwright-core';
import type * as PublisherModule from '../../../web/core/stripes-publisher/stripes-publisher.ts';

declare global {
  interface Window {
    stripesModule?: typeof PublisherModule;
    stripes?: PublisherModule.StripesPublisher;
  }
}

export interface PublisherPageOptions {
  readonly url: string;
  readonly maxBitrateBps?: number;
  readonly maxFramerate?: number;
}

/** Publishes `window.movingPicture` of a page by the product's own module, `window.stripes`. */
export async function publishStripes(page: Page, options: PublisherPageOptions): Promise<void> {
  // As text: a test runner rewrites imports within functions.
  await page.evaluate(
    `import('/core/stripes-publisher/stripes-publisher.ts').then((all) => { window.stripesModule = all; })`,
  );
  await page.evaluate(
    ({ url, maxBitrateBps = 2_000_000, maxFramerate = 30 }) => {
      const { stripesModule, movingPicture } = window;
      if (stripesModule === undefined || movingPicture === undefined) throw new Error('too early');
      const limits = { maxBitrateBps, maxFramerate, hint: 'motion' as const };
      window.stripes = new stripesModule.StripesPublisher({
        ...{ url, token: 'a-token', limits, stream: movingPicture.stream },
      });
      window.stripes.start();
    },
    { ...options },
  );
}

/** The publisher's state, by its kind and problem. */
export const publisherStateOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const state = window.stripes?.state.value;
    return state !== undefined && 'problem' in state
      ? `${state.kind} ${state.problem.code}`
      : (state?.kind ?? '');
  });
