import type { Page } from 'playwright-core';
import { waitFor } from '../../support/wait-for.ts';

/** Waits until a part of a page, named by its test id, says something. */
export async function says(page: Page, id: string, text: string): Promise<void> {
  let said: string | null = null;
  await waitFor(
    async () => {
      said = await page.getByTestId(id).textContent();
      return said?.includes(text);
    },
    { timeoutMs: 15_000, everyMs: 50, what: `${id} to say "${text}"` },
  ).catch((cause: unknown) => {
    throw new Error(`${id} said "${said}"`, { cause });
  });
}
