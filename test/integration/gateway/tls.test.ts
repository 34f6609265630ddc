import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../../gateway/config/load.ts';
import { createGateway } from '../../../gateway/gateway.ts';
import { createLogger } from '../../../gateway/observability/logger.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';
import { hasOpenssl, makeCertificate } from '../../support/tls/certificate-files.ts';

test('[LIFE-3] with TLS on, WHIP is served over https and the engine’s hooks come in by loopback', async (ctx) => {
  ctx.skip(!hasOpenssl(), 'the certificate is made by openssl: apt-get install openssl');
  const { cert, key } = makeCertificate();
  const config = loadConfig({
    PATH: process.env['PATH'],
    HOST: '127.0.0.1',
    PORT: '0',
    MEDIA_PORT: '0',
    MEDIA_CANDIDATE: '127.0.0.1',
    DATA_DIR: aFolder(),
    TLS_CERT_FILE: cert,
    TLS_KEY_FILE: key,
  });
  const gateway = createGateway(config, createLogger({ level: 'silent', format: 'json' }));
  onTestFinished(() => gateway.close());
  const url = await gateway.start();
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const token = gateway.tokens.mint({
    sub: 'anna',
    room: 'demo' as never,
    can: ['publish'],
    exp: Math.floor(Date.now() / 1000) + 60,
  });
  const reply = await post(`${url}/whip/demo`, {
    token,
    body: anOffer('chromium-publish'),
    ca: readFileSync(cert, 'utf8'),
  });
  expect(reply.status).toBe(201);
  expect(reply.location).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/sessions\//);
}, 20_000);

function post(
  url: string,
  { token, body, ca }: { token: string; body: string; ca: string },
): Promise<{ status: number; location: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    location: string;
  }>();
  const sent = request(url, {
    method: 'POST',
    ca,
    agent: false,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
  });
  sent.on('error', reject);
  sent.on('response', (response) => {
    response.resume();
    resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '' });
  });
  sent.end(body);
  return promise;
}
