import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findDownloadedChromium, findInstalledChromium } from '../support/browser/chromium-path.ts';
import { installFromDebian, run, say } from '../../host-publisher/setup/debian.ts';

const PACKAGES = ['chromium'];

/** Makes sure that a Chromium is there for the browser tests; false, with the commands, when not. */
export async function prepareChromium(): Promise<boolean> {
  const path = (await look()) ?? (await install()) ?? (await downloadByPlaywright());
  if (path !== null) {
    say(`Chromium is ready: ${path}`);
    return true;
  }
  say(
    'No Chromium was found, and none could be installed. Type one of these, then run this again:',
  );
  say(
    `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`,
  );
  say('  npx playwright-core install --with-deps chromium');
  say('or set CHROMIUM_PATH to a Chromium or Chrome that you have.');
  return false;
}

async function look(): Promise<string | null> {
  return findInstalledChromium() ?? (await findDownloadedChromium());
}

async function install(): Promise<string | null> {
  return installFromDebian('Chromium', PACKAGES) ? look() : null;
}

async function downloadByPlaywright(): Promise<string | null> {
  say("Trying Playwright's own download.");
  const manifest = createRequire(import.meta.url).resolve('playwright-core/package.json');
  const cli = join(dirname(manifest), 'cli.js');
  if (run(process.execPath, [cli, 'install', 'chromium'])) return look();
  say('The download did not succeed.');
  return null;
}
