import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RecordingLinks } from '../../../gateway/protocol/api/recordings.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';
import {
  aFolder,
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';
import { aRecording, keepRecording } from '../../support/recording/a-recording.ts';

const operator = (room = 'demo'): string => aToken({ sub: 'olga', room, can: ['operate'] });

async function aStage() {
  const folder = aFolder();
  const recording = aRecording();
  await keepRecording(folder, recording);
  const { gateway } = await startGateway({
    env: { RECORDING: 'on-demand', RECORDINGS_DIR: folder, RECORDINGS_MIN_FREE_GB: '0' },
  });
  const base = `/api/v1/recordings/${recording.id}`;
  return { gateway, folder, recording, base, path: `${base}/parts/part0001.mp4` };
}

const get = (gateway: GatewayUnderTest, path: string, headers: Record<string, string> = {}) =>
  gateway.request('GET', path, { token: operator(), headers });

test('[REC-10] media is served whole, by ranges and by head, and conditions hold', async () => {
  const { gateway, path } = await aStage();
  const whole = await get(gateway, path);
  expect(whole.status).toBe(200);
  expect(whole.headers.get('accept-ranges')).toBe('bytes');
  expect(whole.headers.get('content-type')).toBe('video/mp4');
  const etag = whole.headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[^"]+"$/);
  const bytes = await whole.text();
  expect(bytes).toHaveLength(1000);

  const range = await get(gateway, path, { range: 'bytes=10-19' });
  expect([range.status, range.headers.get('content-range')]).toEqual([206, 'bytes 10-19/1000']);
  expect(await range.text()).toBe(bytes.slice(10, 20));
  const tail = await get(gateway, path, { range: 'bytes=-5' });
  expect(await tail.text()).toBe(bytes.slice(-5));

  const same = await get(gateway, path, { range: 'bytes=0-9', 'if-range': etag });
  expect(same.status).toBe(206);
  await same.body?.cancel();
  const other = await get(gateway, path, { range: 'bytes=0-9', 'if-range': '"another"' });
  expect(other.status).toBe(200);
  await other.body?.cancel();
  const known = await sendRaw(gateway.url, [
    `GET ${path} HTTP/1.1`,
    `Host: ${new URL(gateway.url).host}`,
    `Authorization: Bearer ${operator()}`,
    `If-None-Match: ${etag}`,
    'Connection: close',
  ]);
  expect(known.status).toBe(304);

  const head = await gateway.request('HEAD', path, { token: operator() });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000']);

  const beyond = await get(gateway, path, { range: 'bytes=1000-' });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1000']);
  expect(await problemOf(beyond)).toMatchObject({ code: 'range-not-satisfiable' });

  const saved = await get(gateway, `${path}?download=1`);
  expect(saved.headers.get('content-disposition')).toBe(
    'attachment; filename="demo-main-19700101-000001.mp4"',
  );
  await saved.body?.cancel();
});

test('[REC-11] nobody reads, lists, stops or deletes recordings of rooms that they may not steer', async () => {
  const { gateway, base, path } = await aStage();
  const strangers = [operator('other'), aToken({ can: ['publish', 'watch'] }), null];
  for (const token of strangers) {
    for (const [method, address] of [
      ['GET', path],
      ['GET', base],
      ['DELETE', base],
      ['POST', `${base}/stop`],
      ['POST', `${base}/links`],
    ] as const) {
      const reply = await gateway.request(method, address, {
        token,
        ...(method === 'POST'
          ? { body: '{}', headers: { 'content-type': 'application/json' } }
          : {}),
      });
      expect([401, 403, 404], `${method} ${address}`).toContain(reply.status);
      await reply.body?.cancel();
    }
  }
  const listed = await gateway.request('GET', '/api/v1/recordings', { token: operator('other') });
  expect(await listed.json()).toMatchObject({ items: [], total: 0 });
  expect((await get(gateway, path)).status).toBe(200);
});

test('[REC-12] a link needs no token, for its recording alone and until its time', async () => {
  const { gateway, folder, base } = await aStage();
  const second = aRecording();
  await mkdir(join(folder, second.id), { recursive: true });
  const reply = await gateway.request('POST', `${base}/links`, {
    token: operator(),
    body: JSON.stringify({ ttlSeconds: 60 }),
    headers: { 'content-type': 'application/json' },
  });
  const { parts } = (await reply.json()) as RecordingLinks;
  const url = parts[0]?.url ?? '';
  const media = await gateway.request('GET', url, { token: null });
  expect(media.status).toBe(200);
  await media.body?.cancel();
  const ticket = new URL(url, gateway.url).searchParams.get('ticket') ?? '';
  const [until = '', signature = ''] = ticket.split('.');
  const later = `${(Number.parseInt(until, 36) + 3600).toString(36)}.${signature}`;
  for (const forged of [later, `${until}.${'A'.repeat(43)}`, 'x', `${until}.`]) {
    const refused = await gateway.request('GET', url.replace(ticket, forged), { token: null });
    expect(refused.status).toBe(401);
    await refused.body?.cancel();
  }
  const foreign = `/api/v1/recordings/${second.id}/parts/part0001.mp4?ticket=${ticket}`;
  expect((await gateway.request('GET', foreign, { token: null })).status).toBe(401);
});

test.each([
  '/parts/..%2f..%2f..%2fetc%2fpasswd',
  '/parts/%2e%2e%2frecording.json',
  '/parts/../recording.json',
  '/parts/part0001.mp4%00.jpg',
  '/parts/recording.json',
  '/parts/....//part0001.mp4',
  '/parts/part0001.mp4/..%2f..%2frecording.json',
  '/parts/part0001/thumbnails/..%2f..%2frecording.json',
  '/parts/part0001/thumbnails/%2fetc%2fpasswd',
  '/journal/..%2frecording.json',
])('[REC-13] a path out of its folder is nothing: %s', async (tail) => {
  const { gateway, base } = await aStage();
  const reply = await sendRaw(gateway.url, [
    `GET ${base}${tail} HTTP/1.1`,
    `Host: ${new URL(gateway.url).host}`,
    `Authorization: Bearer ${operator()}`,
    'Connection: close',
  ]);
  expect([400, 404]).toContain(reply.status);
  expect(reply.body).not.toMatch(/root:|startedBy/);
});

test('[REC-13] a link in the file system is no file', async () => {
  const { gateway, folder, recording, base } = await aStage();
  const secret = join(aFolder(), 'secret');
  await writeFile(secret, 'a secret');
  const pictures = join(folder, recording.id, 'part0001-thumbnails');
  await mkdir(pictures);
  await symlink(secret, join(pictures, '0.jpg'));
  const reply = await get(gateway, `${base}/parts/part0001/thumbnails/0.jpg`);
  expect(reply.status).toBe(404);
  expect(await reply.text()).not.toContain('a secret');
});

test('[REC-14] what is deleted is gone from the index and from the disk', async () => {
  const { gateway, folder, recording, base, path } = await aStage();
  expect((await gateway.request('DELETE', base, { token: operator() })).status).toBe(204);
  expect((await get(gateway, path)).status).toBe(404);
  expect(await readdir(folder)).not.toContain(recording.id);
});
