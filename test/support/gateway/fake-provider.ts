import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { IssuerKey } from './fake-issuer.ts';

/** An OpenID provider: its discovery document and its keys. */
export interface FakeProvider {
  readonly issuer: string;
  /** What its documents say, to be spoilt. */
  readonly discovery: Record<string, unknown>;
  keys: readonly IssuerKey[];
  isAway: boolean;
}

/** A provider that listens at an issuer with a path; it is closed after the test. */
export async function startFakeProvider(...keys: readonly IssuerKey[]): Promise<FakeProvider> {
  const server = createServer((req, res) => {
    const documents: Record<string, unknown> = {
      '/realm/.well-known/openid-configuration': provider.discovery,
      '/realm/keys': { keys: provider.keys.map(({ jwk }) => jwk) },
    };
    const document = provider.isAway ? undefined : documents[req.url ?? ''];
    res.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(document ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm`;
  const discovery = { issuer, jwks_uri: `${issuer}/keys` };
  const provider: FakeProvider = { issuer, discovery, keys, isAway: false };
  return provider;
}
