import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 A and AA, and what axe calls best practice. */
const OPTIONS: RunOptions = { resultTypes: ['violations'] };

/** What axe finds wrong with a page: one line for each rule and place. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  // Not by a script element: the pages' Content-Security-Policy allows files of the origin alone.
  await page.evaluate(SOURCE);
  const { violations } = await page.evaluate(async (options) => {
    const { axe } = window as unknown as {
      readonly axe: { run: (context: Document, options: unknown) => Promise<AxeResults> };
    };
    return await axe.run(document, options);
  }, OPTIONS);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id}: ${help} at ${target.join(' ')} ${failureSummary}`,
    ),
  );
}
