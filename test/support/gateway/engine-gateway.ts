import { waitFor } from '../wait-for.ts';
import { anAdminToken } from './a-token.ts';
import { startGateway, type GatewayUnderTest } from './start-gateway.ts';

/** A session as the API tells of it. */
export interface SessionView {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly transport: string;
}

/** Of a documentation network (RFC 5737): packets to it are lost. */
export const UNREACHABLE = '192.0.2.1';

/** A gateway under test on the embedded engine, which is ready; closed after the test. */
export async function openEngineGateway(candidate = '127.0.0.1'): Promise<GatewayUnderTest> {
  const env = { MEDIA_PORT: '0', MEDIA_CANDIDATE: candidate };
  const { gateway } = await startGateway({ srs: null, env });
  await waitFor(async () => (await gateway.request('GET', '/readyz')).ok, {
    timeoutMs: 15_000,
    what: 'the embedded engine',
  });
  return gateway;
}

/** The sessions that have not ended. */
export async function sessionsOf(gateway: GatewayUnderTest): Promise<readonly SessionView[]> {
  const body = await gateway.json('/api/v1/sessions', anAdminToken());
  const { items } = body as { items: readonly SessionView[] };
  return items.filter(({ state }) => state !== 'ended');
}
