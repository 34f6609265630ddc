import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { missingForPortalDesktop, PortalDesktop } from '../../support/host/portal-desktop.ts';
import { waitFor } from '../../support/wait-for.ts';

const missing = missingForPortalDesktop();
const why = missing === null ? '' : ` (skipped: ${missing} is missing)`;
const ARGUMENTS = ['--source', 'desktop', '--audio', 'none'];

describe.skipIf(missing !== null)(`npm run host in a Wayland session${why}`, () => {
  let desktop: PortalDesktop;
  beforeAll(async () => {
    desktop = await PortalDesktop.open();
  });
  afterAll(() => desktop.close());

  const startHost = async (): Promise<HostProcess> => {
    const env = { MEDIA_PORT: '0', MEDIA_CANDIDATE: '127.0.0.1' };
    const { gateway } = await startGateway({ srs: null, env });
    await waitFor(async () => (await gateway.request('GET', '/readyz')).ok, {
      timeoutMs: 15_000,
      what: 'the embedded engine',
    });
    const settings = { ...desktop.env, CS_TOKEN: aToken() };
    return new HostProcess([...ARGUMENTS, '--gateway', gateway.url], settings);
  };

  it('publishes the desktop until its user stops the sharing, and ends', async () => {
    desktop.backend.answer = 'allow';
    const host = await startHost();
    await host.live();
    desktop.backend.endSession();
    expect(await host.ended()).toBe(7);
    expect(host.output).toContain('ended its sharing');
    expect(host.output).not.toContain('Next attempt');
  });

  it('ends when its user does not allow it', async () => {
    desktop.backend.answer = 'refuse';
    const host = await startHost();
    expect(await host.ended()).toBe(7);
    expect(host.output).toMatch(/^The user of this desktop did not allow to share it\.$/m);
  });
});
