import type { Page } from 'playwright-core';
import type { GatewayProcess } from './gateway-process.ts';

/** A diagnosis that is done. */
export interface Diagnosed {
  readonly tone: string | null;
  readonly verdict: string;
  readonly advice: string;
  readonly report: string;
  /** By check: `passed`, `failed` or `left-out`. */
  readonly outcomes: Readonly<Record<string, string>>;
}

/** The address of the diagnosis page of a room. */
export function diagnoseUrl(gateway: GatewayProcess, room: string, origin = gateway.url): string {
  const token = gateway.token({ sub: 'viewer', room, can: ['watch'] });
  return `${origin}/diagnose?room=${room}#token=${token}`;
}

/** Waits until every check of a diagnosis page is done. */
export async function readDiagnosis(page: Page): Promise<Diagnosed> {
  await page.locator('[data-testid="diagnose"][data-state="done"]').waitFor({ timeout: 60_000 });
  const rows = await page
    .getByTestId('findings')
    .locator('[data-check]')
    .evaluateAll((all) =>
      all.map((row) => [row.getAttribute('data-check'), row.getAttribute('data-outcome')] as const),
    );
  return {
    tone: await page.getByTestId('diagnose').getAttribute('data-tone'),
    verdict: (await page.getByTestId('verdict').textContent()) ?? '',
    advice: (await page.getByTestId('advice').textContent()) ?? '',
    report: await page.getByTestId('report').inputValue(),
    outcomes: Object.fromEntries(rows) as Record<string, string>,
  };
}
