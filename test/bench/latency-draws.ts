import type { Page } from 'playwright-core';

/** A picture that the player over WebSockets has drawn; epoch milliseconds. */
export interface Draw {
  readonly capturedAtMs: number;
  readonly atMs: number;
}

declare global {
  var drawnPictures: Draw[] | undefined;
}

/** Has a page, before it is opened, keep what the player's worker tells of each picture that it drew. */
export async function keepDraws(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const draws: Draw[] = [];
    globalThis.drawnPictures = draws;
    const Native = Worker;
    globalThis.Worker = class extends Native {
      constructor(...given: ConstructorParameters<typeof Native>) {
        super(...given);
        this.addEventListener('message', ({ data }: MessageEvent) => {
          const told = data as {
            type?: unknown;
            picture?: { capturedAtUs: number; atMs: number };
          } | null;
          if (told?.type !== 'painted' || told.picture === undefined) return;
          const { capturedAtUs, atMs } = told.picture;
          draws.push({ capturedAtMs: capturedAtUs / 1000, atMs });
        });
      }
    };
  });
}

/** What was drawn in the last so many seconds. */
export async function drawsOf(page: Page, seconds: number): Promise<readonly Draw[]> {
  const [draws, nowMs] = await page.evaluate(() => [globalThis.drawnPictures ?? [], Date.now()]);
  return draws.filter(({ atMs }) => atMs > nowMs - seconds * 1000);
}
