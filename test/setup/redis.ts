import { spawnSync } from 'node:child_process';
import { installFromDebian, say } from '../../host-publisher/setup/debian.ts';

const PACKAGES = ['redis-server'];

/** Makes sure that a Redis is there for the tests, which start it themselves. */
export function prepareRedis(): boolean {
  if (look() || (installFromDebian('Redis', PACKAGES, { RUNLEVEL: '1' }) && look())) {
    say('Redis is ready.');
    return true;
  }
  say('The tests of several gateways need Redis. Type this, then run this again:');
  say(
    `  sudo apt-get update && sudo RUNLEVEL=1 apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`,
  );
  return false;
}

const look = (): boolean =>
  spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).error === undefined;
