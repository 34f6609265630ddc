import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aToken, anAdminToken } from '../../../support/gateway/a-token.ts';
import { aFolder, problemOf, startGateway } from '../../../support/gateway/start-gateway.ts';
import { WebhookClient } from '../../../support/webhooks/webhook-client.ts';

const URL_OF_ONE = 'https://hooks.example.com/secret-path';

async function aClient(env: Record<string, string> = {}) {
  const { gateway } = await startGateway({ env });
  return { gateway, client: new WebhookClient(gateway.url) };
}

describe('the administration of webhooks', () => {
  test('[WEBHOOK-08] is for administrators of all rooms', async () => {
    const { client } = await aClient();
    const { id } = await client.create({ url: URL_OF_ONE });
    const tokens = [aToken(), aToken({ can: ['admin'] }), anAdminToken({ can: ['operate'] })];
    for (const token of tokens) {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', ''],
        ['GET', `/${id}`],
        ['DELETE', `/${id}`],
        ['POST', `/${id}/test`],
        ['GET', `/${id}/deliveries`],
      ] as const) {
        expect((await client.call(method, path, { token })).status, method + path).toBe(403);
      }
    }
  });

  test('[WEBHOOK-09] writes need the version that they change', async () => {
    const { client } = await aClient();
    const { id } = await client.create({ url: URL_OF_ONE, description: 'first' });
    const etag = (await client.call('GET', `/${id}`)).headers.get('etag') ?? '';
    const change = (ifMatch?: string) =>
      client.call('PATCH', `/${id}`, {
        body: { description: 'second' },
        headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
      });
    expect((await change()).status).toBe(428);
    const changed = await change(etag);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
    expect((await change(etag)).status).toBe(412);
    const stale = await client.call('DELETE', `/${id}`, { headers: { 'if-match': etag } });
    expect(stale.status).toBe(412);
    const gone = await client.call('DELETE', `/${id}`, { headers: { 'if-match': '*' } });
    expect(gone.status).toBe(204);
    expect((await client.call('GET', `/${id}`)).status).toBe(404);
  });

  test('[WEBHOOK-11] the secret is told once; file and folder are their owner’s alone', async () => {
    const folder = join(aFolder(), 'data');
    const { gateway, client } = await aClient({ DATA_DIR: folder });
    const { id, secret } = await client.create({ url: URL_OF_ONE });
    const next = await client.rotate(id, 60);
    const list = await (await client.call('GET', '')).text();
    const one = await (await client.call('GET', `/${id}`)).text();
    const log = JSON.stringify(gateway.lines);
    for (const key of [secret, next]) expect(list + one + log).not.toContain(key);
    expect(log).not.toContain('secret-path');
    const files = readdirSync(folder).filter((name) => name.startsWith('webhooks.db'));
    for (const name of files) expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
    expect(files.some((name) => readFileSync(join(folder, name)).includes(next))).toBe(true);
  });

  test.each([
    ['http://127.0.0.1/', 'public'],
    ['https://169.254.169.254/latest/meta-data/', 'public'],
    ['https://[::ffff:10.0.0.1]/', 'public'],
    ['https://user:password@hooks.example.com/', 'user'],
    ['ftp://hooks.example.com/', 'url'],
    ['https://hooks.example.com/#x', 'fragment'],
  ])('[WEBHOOK-10] %s is refused at once', async (url, why) => {
    const { client } = await aClient();
    const reply = await client.call('POST', '', { body: { url } });
    expect(reply.status).toBe(400);
    expect((await problemOf(reply))['detail']).toContain(why);
  });

  test('[WEBHOOK-10] a name of a private address is refused when it is called', async () => {
    const { client } = await aClient();
    const { id } = await client.create({ url: 'https://localhost/' });
    const tested = await client.test(id);
    expect(tested.state).toBe('dead');
    expect(tested.detail).toMatch(/no public address/);
  });

  test('a search is text, not SQL', async () => {
    const { client } = await aClient();
    const { id } = await client.create({ url: 'https://localhost/' });
    await client.test(id);
    for (const q of ["' OR 1=1 --", '%', '_', '"', '\\']) {
      expect((await client.deliveries(id, `&q=${encodeURIComponent(q)}`)).total, q).toBe(0);
    }
    expect((await client.deliveries(id, '&q=TEST')).total).toBe(1);
  });
});
