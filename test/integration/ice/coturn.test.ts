import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probe, type Login } from '../../../gateway/ice/probe/probe.ts';
import { aToken, anAdminToken } from '../../support/gateway/a-token.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { Coturn } from '../../support/ice/coturn.ts';
import { permission } from '../../support/ice/turn-permission.ts';
import { waitFor } from '../../support/wait-for.ts';
import { makeCertificate } from '../../support/tls/certificate-files.ts';
import type { IceProbeView } from '../../../gateway/protocol/ice-sources.ts';

let coturn: Coturn;

beforeAll(async () => {
  coturn = await Coturn.start();
});
afterAll(() => coturn.close());

const tryOut = (url: string, login?: Login): Promise<IceProbeView> =>
  probe({ url, login, now: Date.now, closing: new AbortController().signal });

describe('a probe of a real coturn', () => {
  test.each(['udp', 'tcp'] as const)(
    '[ICE-15] allocates with credentials over %s',
    async (transport) => {
      const url = coturn.url(transport);
      const view = await tryOut(url, coturn.login('probe'));
      expect(view).toMatchObject({ url, reachable: true, error: null });
      expect(view.address).toMatch(/^127\.0\.0\.1:30[12]\d\d$/);
      expect(view.roundTripMs).toBeGreaterThan(0);
    },
  );

  test('[ICE-15] releases what it got: a server with two ports bears five of them', async () => {
    const small = await Coturn.start({ TURN_PORTS: '30300-30301' });
    try {
      for (let count = 0; count < 5; count += 1) {
        // coturn keeps a port aside for a moment after its allocation has ended.
        await waitFor(async () => (await tryOut(small.url('udp'), small.login('p'))).reachable, {
          timeoutMs: 30_000,
          what: `allocation ${count}`,
        });
      }
    } finally {
      await small.close();
    }
  });

  test('[ICE-15] asks STUN how it is seen', async () => {
    const view = await tryOut(`stun:127.0.0.1:${coturn.port}`);
    expect(view).toMatchObject({ reachable: true, error: null });
    expect(view.address).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  test.each([
    ['with a wrong secret', () => coturn.login('anna', undefined, 'another secret')],
    ['that have run out', () => coturn.login('anna', Math.floor(Date.now() / 1000) - 60)],
    [
      'of another subject',
      () => {
        const { username, credential } = coturn.login('anna');
        return { username: username.replace('anna', 'bob'), credential };
      },
    ],
    [
      'with a later end',
      () => {
        const { username, credential } = coturn.login('anna');
        return { username: username.replace(/^\d+/, '1999999999'), credential };
      },
    ],
  ])('[ICE-19] credentials %s are refused by coturn', async (_, login) => {
    const { credential } = login();
    const view = await tryOut(coturn.url('udp'), login());
    expect(view).toMatchObject({ reachable: false, address: null });
    expect(view.error).toBe('It refuses the login (401).');
    expect(JSON.stringify(view)).not.toContain(credential);
  });

  test('[ICE-16] a server of TLS whose certificate nobody vouches for is not reachable', async () => {
    const { cert, key } = makeCertificate();
    const secured = await Coturn.start({ TURN_CERT_FILE: cert, TURN_KEY_FILE: key });
    try {
      const view = await tryOut(`turns:127.0.0.1:${secured.tlsPort}`, secured.login('probe'));
      expect(view.error).toBe('It cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT).');
    } finally {
      await secured.close();
    }
  });
});

test('[ICE-14] [ICE-15] an administrator has all servers tried, with credentials as clients get them', async () => {
  const { gateway } = await startGateway({
    env: {
      TURN_URLS: `${coturn.url('udp')},${coturn.url('tcp')},stun:127.0.0.1:${coturn.port}`,
      TURN_SECRET: Coturn.SECRET,
    },
  });
  const reply = await gateway.request('POST', '/api/v1/ice-sources/probe', {
    token: anAdminToken(),
  });
  expect(reply.status).toBe(200);
  const { items } = (await reply.json()) as { items: { source: string; probes: IceProbeView[] }[] };
  expect(items).toMatchObject([{ source: 'turn', failures: 0, lastError: null }]);
  expect(items[0]?.probes.map(({ reachable }) => reachable)).toEqual([true, true, true]);
  expect(await gateway.json('/api/v1/ice-sources', anAdminToken())).toEqual({ items });
  const metrics = await (await gateway.request('GET', '/metrics')).text();
  expect(metrics).toContain('pixelcast_ice_servers_probed{source="turn",reachable="yes"} 3');
  expect(metrics).toContain('pixelcast_ice_servers_probed{source="turn",reachable="no"} 0');
  const refused = await gateway.request('POST', '/api/v1/ice-sources/probe', {
    token: aToken({ can: ['admin'] }),
  });
  expect(refused.status).toBe(403);
});

test('[ICE-20] coturn relays to nobody in private networks but the peers that it was told', async () => {
  const closed = await Coturn.start({ TURN_PEERS: '' });
  try {
    const login = (turn: Coturn) => turn.login('anna');
    for (const peer of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.0.1']) {
      expect(await permission(closed.port, login(closed), peer), peer).toBe(403);
    }
    expect(await permission(coturn.port, login(coturn), '127.0.0.1')).toBe('granted');
    expect(await permission(coturn.port, login(coturn), '10.1.2.3')).toBe(403);
  } finally {
    await closed.close();
  }
});
