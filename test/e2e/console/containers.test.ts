import { describe, expect, onTestFinished, test } from 'vitest';
import { openTestBrowser } from '../../support/browser/test-browser.ts';
import { aTemplateFile } from '../../support/docker/a-template.ts';
import { OURS, startReplayEngine } from '../../support/docker/replay-engine.ts';
import { anAdminToken } from '../../support/gateway/a-token.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';
import { says } from '../host/says.ts';

const PATIENCE = { timeout: 30_000 };
const NAME = 'pixelcast-recorded';

describe('containers on the console', () => {
  test('[DOCKER-45] are listed with their template; one is restarted, and its log read', async () => {
    const replay = await startReplayEngine();
    const { gateway } = await startGateway({
      env: {
        DOCKER_ENGINE: `unix://${replay.socketPath}`,
        DOCKER_NETWORK: 'elsewhere',
        DOCKER_TEMPLATE_FILE: aTemplateFile(),
        DOCKER_SCALING: 'dry-run',
      },
    });
    const browser = await openTestBrowser();
    onTestFinished(() => browser.close());
    const page = await browser.open(
      new URL(`admin/containers#token=${anAdminToken()}`, gateway.url).href,
    );
    const row = page.locator(`[data-container="${NAME}"]`);
    await row.waitFor(PATIENCE);
    expect(await row.textContent()).toContain('It is not in elsewhere.');
    await page.getByTestId('scaling').getByText('srs-1 missing').waitFor(PATIENCE);

    await row.getByRole('button', { name: `Restart ${NAME}` }).click(PATIENCE);
    await says(page, 'outcome', `${NAME} is restarted.`);
    await waitFor(() => replay.seen.includes(`POST /containers/${OURS}/restart?t=10`), {
      what: 'the engine to be asked',
    });

    await row.getByRole('link', { name: NAME }).click(PATIENCE);
    await page.getByTestId('container-log').getByText('warning 3').waitFor(PATIENCE);
    const facts = await page.getByTestId('container-facts').textContent(PATIENCE);
    expect(facts).toContain('HOOK_SECRET');
    expect(await page.content()).not.toContain('recorded-secret');
    expect(browser.pageErrors).toEqual([]);
  }, 90_000);
});
