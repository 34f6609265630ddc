import assert from 'node:assert/strict';
import { waitFor } from '../support/wait-for.ts';
import { checkEdge, checkFailover, checkNodeDeath } from './cluster-check.ts';
import type { ComposeProject } from './compose-project.ts';
import { tokensOf } from './link-tokens.ts';
import { step } from './steps.ts';

/** Made here, not taken as they are published. */
const BUILT = ['cluster-secrets', 'gateway-1', 'gateway-2', 'node-1', 'node-2', 'node-3'];
const SERVICES = ['balancer', 'redis', ...BUILT.slice(1)];
const CAPABILITIES = 'grep CapEff /proc/self/status';
const READY_MS = 60_000;

/** Brings the profile `cluster` up and holds it to what docs/docker.md says of it. */
export async function testCluster(
  project: ComposeProject,
  url: string,
  mediaPorts: Readonly<Record<string, number>>,
): Promise<void> {
  const cluster = (...args: readonly string[]): Promise<string> =>
    project.compose('--profile', 'cluster', ...args);
  await step('docker compose build, of the cluster', () => cluster('build', ...BUILT));
  await step('docker compose --profile cluster up balancer', () =>
    cluster('up', '--detach', '--wait', 'balancer'),
  );
  await step('/readyz is 200 through the balancer', () =>
    waitFor(async () => (await fetch(`${url}/readyz`)).status === 200, {
      ...{ timeoutMs: READY_MS, everyMs: 100, what: `${url}/readyz` },
    }),
  );
  await step('no capabilities in the cluster', async () => {
    for (const service of SERVICES) {
      const shown = await project.exec(service, 'sh', '-c', CAPABILITIES);
      assert.match(shown, /0{16}$/, service);
    }
  });
  const tokens = await step('npm run links gives links at one gateway', async () =>
    tokensOf(await project.exec('gateway-1', 'npm', 'run', '--silent', 'links'), url),
  );
  const check = { project, url, mediaPorts, ...tokens };
  await step('hooks and figures stay inside', () => checkEdge(check));
  await step('media, sessions and events through both gateways; one is killed', () =>
    checkFailover(check),
  );
  await step('a media server is killed; publisher and viewer come again', () =>
    checkNodeDeath(check),
  );
}
