import { spawn } from 'node:child_process';
import type { Environment } from '../config/settings.ts';

/** The command that opens an address in the browser of whoever sits here; null where nobody does. */
export function browserCommand(
  platform: NodeJS.Platform,
  environment: Environment,
): readonly string[] | null {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['cmd', '/c', 'start', ''];
  const seesScreen = Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
  return seesScreen ? ['xdg-open'] : null;
}

/** Resolves with whether the browser was asked to open the address. */
export function openInBrowser(url: string, environment: Environment): Promise<boolean> {
  const [program, ...args] = browserCommand(process.platform, environment) ?? [];
  if (program === undefined) return Promise.resolve(false);
  const child = spawn(program, [...args, url], { detached: true, stdio: 'ignore' });
  child.unref();
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
  });
}
