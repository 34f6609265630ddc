import { copyFileSync, renameSync } from 'node:fs';
import { request } from 'node:https';
import { connect, type PeerCertificate } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { startGateway, type GatewayUnderTest } from '../../support/gateway/start-gateway.ts';
import { freeTcpPort } from '../../support/net/free-port.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import {
  hasOpenssl,
  makeCertificate,
  type CertificatePaths,
} from '../../support/tls/certificate-files.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';

async function aTlsGateway(
  given: { env?: Record<string, string>; expectedErrors?: RegExp } = {},
): Promise<{ gateway: GatewayUnderTest; files: CertificatePaths }> {
  const files = makeCertificate('first');
  const { gateway } = await startGateway({
    ...given,
    env: { TLS_CERT_FILE: files.cert, TLS_KEY_FILE: files.key, ...given.env },
  });
  return { gateway, files };
}

/** The name in the certificate that a new connection is shown. */
async function nameShown({ url }: GatewayUnderTest): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<PeerCertificate>();
  const socket = connect(
    { port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false },
    () => resolve(socket.getPeerCertificate()),
  );
  socket.on('error', reject);
  const { subject } = await promise;
  socket.destroy();
  return String(subject.CN);
}

async function headersOf(url: string, host: string): Promise<Record<string, unknown>> {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
  const sent = request(url, { rejectUnauthorized: false, agent: false, headers: { host } });
  sent.on('response', (response) => {
    response.resume();
    resolve(response.headers);
  });
  sent.on('error', reject);
  sent.end();
  return await promise;
}

describe.skipIf(!hasOpenssl())('a certificate', () => {
  test('that is replaced is shown to whoever connects from then on', async () => {
    const { gateway, files } = await aTlsGateway();
    expect(await nameShown(gateway)).toBe('first');
    const next = makeCertificate('second');
    renameSync(next.cert, files.cert);
    renameSync(next.key, files.key);
    await expect.poll(() => nameShown(gateway), { timeout: 20_000 }).toBe('second');
  });

  test('whose key does not fit is not used and logged, until its key comes', async () => {
    const unusable = 'certificate not usable, the old one stays';
    const { gateway, files } = await aTlsGateway({ expectedErrors: new RegExp(unusable) });
    const next = makeCertificate('second');
    copyFileSync(next.cert, files.cert);
    const logged = () => gateway.lines.some(({ msg }) => msg === unusable);
    await expect.poll(logged, { timeout: 20_000 }).toBe(true);
    expect(await nameShown(gateway)).toBe('first');
    copyFileSync(next.key, files.key);
    await expect.poll(() => nameShown(gateway), { timeout: 20_000 }).toBe('second');
  });

  test('is read anew on SIGHUP', async () => {
    const { cert, key } = makeCertificate('first');
    const gateway = await GatewayProcess.start({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key });
    onTestFinished(async () => {
      await gateway.close();
    });
    process.kill(gateway.pid, 'SIGHUP');
    await expect.poll(() => gateway.output, { timeout: 20_000 }).toContain('certificate loaded');
  });

  test('whose key does not fit at the start is named', async () => {
    const { cert } = makeCertificate('first');
    const { key } = makeCertificate('second');
    const env = { TLS_CERT_FILE: cert, TLS_KEY_FILE: key };
    await expect(startGateway({ env })).rejects.toThrow(/do not fit/);
  });

  test('lets browsers remember https, but for names of this machine', async () => {
    const { gateway } = await aTlsGateway();
    const remote = await headersOf(`${gateway.url}/healthz`, 'cast.example');
    expect(remote['strict-transport-security']).toMatch(/^max-age=\d{7,}$/);
    const local = await headersOf(`${gateway.url}/healthz`, 'localhost');
    expect(local['strict-transport-security']).toBeUndefined();
  });
});

test('an https PUBLIC_URL lets browsers remember https, plain http does not', async () => {
  const head = ['GET /healthz HTTP/1.1', 'Host: cast.example', 'Connection: close'];
  const behind = await startGateway({ env: { PUBLIC_URL: 'https://cast.example' } });
  expect((await sendRaw(behind.gateway.url, head)).head).toMatch(/^Strict-Transport-Security: /im);
  const plain = await startGateway();
  expect((await sendRaw(plain.gateway.url, head)).head).not.toMatch(/Strict-Transport/i);
});

describe.skipIf(!hasOpenssl())('[HOSTILE-43] the plain port beside https', () => {
  async function aRedirect(
    env: Record<string, string> = {},
  ): Promise<{ plain: string; port: string }> {
    for (;;) {
      const redirect = String(await freeTcpPort());
      try {
        const { gateway } = await aTlsGateway({ env: { HTTP_REDIRECT_PORT: redirect, ...env } });
        return { plain: `http://127.0.0.1:${redirect}`, port: new URL(gateway.url).port };
      } catch (error) {
        // A free port may be another test's by now.
        if (!(error instanceof Error && error.message.includes('EADDRINUSE'))) throw error;
      }
    }
  }
  const get = (path: string, host: string, method = 'GET') => [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
  ];

  test.each(['/', '/watch/demo', '/assets/a.js?b=c', '//evil.example/a'])(
    'sends %s on',
    async (path) => {
      const { plain, port } = await aRedirect();
      for (const method of ['GET', 'HEAD']) {
        const reply = await sendRaw(plain, get(path, 'cast.example:80', method));
        expect(reply.status).toBe(307);
        expect(reply.head).toContain(`\r\nLocation: https://cast.example:${port}${path}\r\n`);
      }
    },
  );

  test('sends to PUBLIC_URL where that is set', async () => {
    const port = String(await freeTcpPort());
    const { plain } = await aRedirect({ PUBLIC_URL: 'https://cast.example', PORT: port });
    const reply = await sendRaw(plain, get('/watch/demo', 'evil.example'));
    expect(reply.head).toContain('\r\nLocation: https://cast.example/watch/demo\r\n');
  });

  test.each([
    ['POST', '/whip/demo'],
    ['POST', '/whep/demo'],
    ['GET', '/whip/demo'],
    ['GET', '/api/v1/rooms'],
    ['DELETE', '/sessions/abc'],
    ['GET', '/WHIP/demo'],
    ['POST', '/watch/demo'],
    ['POST', '/api/srs/publish?secret=a'],
    ['GET', 'http://cast.example/watch/demo'],
    ['OPTIONS', '*'],
  ])('refuses %s %s before it reads a token or a body', async (method, path) => {
    const { plain } = await aRedirect();
    const token = `Authorization: Bearer ${aToken()}`;
    const reply = await sendRaw(plain, [
      ...get(path, 'cast.example', method),
      token,
      'Content-Length: 9',
    ]);
    expect(reply.status).toBe(403);
    expect(reply.body).toContain('https-required');
    expect(reply.head).not.toContain('Location');
  });

  test('sends nobody to a Host that is none', async () => {
    const { plain } = await aRedirect();
    const reply = await sendRaw(plain, get('/watch/demo', 'a"b@evil.example'));
    expect(reply.status).toBe(403);
  });

  test('needs a certificate', async () => {
    await expect(startGateway({ env: { HTTP_REDIRECT_PORT: '0' } })).rejects.toThrow(
      'HTTP_REDIRECT_PORT: needs TLS_CERT_FILE',
    );
  });
});
