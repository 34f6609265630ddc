import { expect, test } from 'vitest';
import { startGateway } from '../../support/gateway/start-gateway.ts';

const PORTAL = 'https://portal.example';

test('nobody may show a page in a frame unless told so', async () => {
  const { gateway } = await startGateway();
  const { headers } = await gateway.request('GET', '/watch/demo', { token: null });
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('x-frame-options')).toBe('DENY');
});

test('with EMBED_ORIGINS those pages may show the watch page, and no other page', async () => {
  const env = { EMBED_ORIGINS: `${PORTAL},http://localhost:3000` };
  const { gateway } = await startGateway({ env });
  const { headers } = await gateway.request('GET', '/watch/demo', { token: null });
  const csp = headers.get('content-security-policy') ?? '';
  expect(csp).toContain(`frame-ancestors ${PORTAL} http://localhost:3000`);
  expect(csp).toContain("default-src 'none'");
  expect(headers.get('x-frame-options')).toBeNull();
  for (const path of ['/', '/share/demo', '/admin', '/watchful', '/api/v1/rooms']) {
    const other = await gateway.request('GET', path, { token: null });
    expect(other.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(other.headers.get('x-frame-options')).toBe('DENY');
  }
});
