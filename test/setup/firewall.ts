import { spawnSync } from 'node:child_process';
import { installFromDebian, say } from '../../host-publisher/setup/debian.ts';

const PACKAGES = ['iproute2', 'iptables'];

/** Makes sure that root on Linux can block UDP in a network namespace; for anybody else it is skipped. */
export function prepareFirewall(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    say('Tests of networks that block UDP will be skipped: they need root on Linux.');
    return true;
  }
  if (look() || (installFromDebian('iptables', PACKAGES) && look())) {
    say('iptables is ready.');
    return true;
  }
  say('The tests of networks that block UDP need iptables. Type this, then run this again:');
  say(`  apt-get update && apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`);
  return false;
}

const look = (): boolean =>
  [
    ['ip', '-V'],
    ['iptables', '--version'],
  ].every(([name = '', asked = '']) => spawnSync(name, [asked], { stdio: 'ignore' }).status === 0);
