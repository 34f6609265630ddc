import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installFromDebian, say } from '../../host-publisher/setup/debian.ts';

const PACKAGES = ['coturn'];

/** Makes sure that a TURN server is there for the tests, which start it themselves. */
export function prepareCoturn(): boolean {
  if (look() || (installFromDebian('coturn', PACKAGES, { RUNLEVEL: '1' }) && look())) {
    say('coturn is ready.');
    return true;
  }
  say('The tests of TURN need coturn. Type this, then run this again:');
  say(
    `  sudo apt-get update && sudo RUNLEVEL=1 apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`,
  );
  return false;
}

const look = (): boolean =>
  existsSync('/usr/bin/turnserver') ||
  spawnSync('turnserver', ['--version'], { stdio: 'ignore' }).error === undefined;
