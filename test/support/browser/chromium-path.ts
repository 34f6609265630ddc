import { accessSync, constants } from 'node:fs';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
] as const;

/** The first Chromium that this machine has: `CHROMIUM_PATH`, then where packages put it. */
export function findInstalledChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
  candidates: readonly string[] = INSTALLED,
): string | null {
  const wished = env['CHROMIUM_PATH'];
  if (wished !== undefined && wished !== '') {
    if (isExecutable(wished)) return wished;
    throw new Error(`CHROMIUM_PATH is ${wished}, where no program can be started.`);
  }
  return candidates.find(isExecutable) ?? null;
}

/** Playwright's own download, if it was made; loading Playwright costs 150 ms, so it comes last. */
export async function findDownloadedChromium(): Promise<string | null> {
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  return isExecutable(path) ? path : null;
}

/** What tests start: an installed Chromium or the downloaded one. */
export async function chromiumPath(): Promise<string> {
  const path = findInstalledChromium() ?? (await findDownloadedChromium());
  if (path === null) throw new Error('No Chromium here. Type: npm run test:setup');
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
