/**
 * `npm run test:setup`: makes sure that a Chromium is there for the browser tests. Looks before it
 * installs, so it may be run before every test run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findDownloadedChromium, findInstalledChromium } from '../support/browser/chromium-path.ts';

const APT_INSTALL = ['install', '-y', '--no-install-recommends', 'chromium'];

const path = (await look()) ?? (await installFromDebian()) ?? (await downloadByPlaywright());
if (path === null) {
  say(
    'No Chromium was found, and none could be installed. Type one of these, then run this again:',
  );
  say(`  sudo apt-get update && sudo apt-get ${APT_INSTALL.join(' ')}`);
  say('  npx playwright-core install --with-deps chromium');
  say('or set CHROMIUM_PATH to a Chromium or Chrome that you have.');
  process.exitCode = 1;
} else {
  say(`Chromium is ready: ${path}`);
}

async function look(): Promise<string | null> {
  return findInstalledChromium() ?? (await findDownloadedChromium());
}

async function installFromDebian(): Promise<string | null> {
  if (!existsSync('/etc/debian_version')) return null;
  if (process.getuid?.() !== 0) {
    say('Debian is here, but only root may install its Chromium.');
    return null;
  }
  say('No Chromium yet. Installing the one of Debian; this takes a minute or two.');
  if (run('apt-get', ['update']) && run('apt-get', APT_INSTALL)) return look();
  say('apt-get did not succeed.');
  return null;
}

async function downloadByPlaywright(): Promise<string | null> {
  say("Trying Playwright's own download.");
  const manifest = createRequire(import.meta.url).resolve('playwright-core/package.json');
  const cli = join(dirname(manifest), 'cli.js');
  if (run(process.execPath, [cli, 'install', 'chromium'])) return look();
  say('The download did not succeed.');
  return null;
}

function run(command: string, args: readonly string[]): boolean {
  say(`> ${command} ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: 'inherit', env }).status === 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
