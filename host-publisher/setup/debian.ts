import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Installs packages as root on Debian; false where that cannot be done or does not succeed. With
 * `RUNLEVEL=1` in its environment, Debian starts no service of theirs.
 */
export function installFromDebian(
  what: string,
  packages: readonly string[],
  env: Readonly<Record<string, string>> = {},
): boolean {
  if (!existsSync('/etc/debian_version')) return false;
  if (process.getuid?.() !== 0) {
    say(`Debian is here, but only root may install its ${what}.`);
    return false;
  }
  say(`No ${what} yet. Installing Debian's; this takes a minute or two.`);
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  if (run('apt-get', ['update']) && run('apt-get', install, env)) return true;
  say('apt-get did not succeed.');
  return false;
}

/** Runs a command for the person to see; whether it succeeded. */
export function run(
  command: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): boolean {
  say(`> ${command} ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...more };
  return spawnSync(command, args, { stdio: 'inherit', env }).status === 0;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
