import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RecordingLinks } from '../../../gateway/protocol/api/recordings.ts';
import { openKeptStage, type KeptStage } from '../../support/recording/kept-stage.ts';

/** A ticket of the recording at this address. */
async function aTicket({ request, gateway }: KeptStage, base: string): Promise<string> {
  const reply = await request('POST', `${base}/links`, { body: { ttlSeconds: 60 } });
  const { parts } = (await reply.json()) as RecordingLinks;
  return new URL(parts[0]?.url ?? '', gateway.url).searchParams.get('ticket') ?? '';
}

async function statusOf({ gateway }: KeptStage, method: string, path: string): Promise<number> {
  const reply = await gateway.request(method, path, { token: null });
  await reply.body?.cancel();
  return reply.status;
}

test('[REC-12] a ticket opens all files of its recording, and none of another that is there', async () => {
  const stage = await openKeptStage(2);
  const bases = stage.recordings.map(({ id }) => `/api/v1/recordings/${id}`);
  const tickets = await Promise.all(bases.map((base) => aTicket(stage, base)));
  const files = ['/parts/part0001.mp4', '/parts/part0001/thumbnails/0.jpg', '/journal'];
  for (const [own, base] of bases.entries()) {
    for (const [of, ticket] of tickets.entries()) {
      const found = await Promise.all(
        files.map((file) => statusOf(stage, 'GET', `${base}${file}?ticket=${ticket}`)),
      );
      expect(found).toEqual(own === of ? [200, 404, 200] : [401, 401, 401]);
    }
  }
});

test('[REC-12] it reads files and does nothing else', async () => {
  const stage = await openKeptStage();
  const { base, part } = stage;
  const ticket = await aTicket(stage, base);
  for (const [method, path] of [
    ['GET', base],
    ['GET', '/api/v1/recordings'],
    ['DELETE', base],
    ['POST', `${base}/stop`],
    ['POST', `${base}/links`],
  ] as const) {
    expect(await statusOf(stage, method, `${path}?ticket=${ticket}`), path).toBe(401);
  }
  expect([404, 405]).toContain(await statusOf(stage, 'POST', `${part}?ticket=${ticket}`));
  expect(await statusOf(stage, 'HEAD', `${part}?ticket=${ticket}`)).toBe(200);
});

test('[REC-12] a ticket in any other writing is none, and none outlives its recording', async () => {
  const stage = await openKeptStage();
  const { base, part, request } = stage;
  const ticket = await aTicket(stage, base);
  const others = [
    `${ticket}=`,
    `${ticket}.`,
    `${ticket}%20`,
    `%20${ticket}`,
    `0${ticket}`,
    ticket.toUpperCase(),
    `${ticket}&ticket=${ticket}`,
    ticket.replace('.', '%00.'),
    '',
  ];
  for (const other of others) {
    expect([400, 401], other).toContain(await statusOf(stage, 'GET', `${part}?ticket=${other}`));
  }
  expect(await statusOf(stage, 'GET', `${part}?ticket=${ticket}`)).toBe(200);
  expect((await request('DELETE', base)).status).toBe(204);
  expect(await statusOf(stage, 'GET', `${part}?ticket=${ticket}`)).toBe(404);
});

test('[REC-12] a link is for a while that somebody may ask for', async () => {
  const { request, base } = await openKeptStage();
  for (const ttlSeconds of [59, 12 * 3600 + 1, 60.5, -1, 'long']) {
    const reply = await request('POST', `${base}/links`, { body: { ttlSeconds } });
    expect(reply.status, String(ttlSeconds)).toBe(400);
    await reply.body?.cancel();
  }
  const asked = Date.now();
  const reply = await request('POST', `${base}/links`, { body: { ttlSeconds: 60 } });
  const { expiresAt } = (await reply.json()) as RecordingLinks;
  expect(expiresAt).toBeGreaterThanOrEqual(asked + 60_000);
  expect(expiresAt).toBeLessThanOrEqual(Date.now() + 60_000);
});

test('[REC-10] a file that is another one by now has another tag', async () => {
  const { request, part, folder, recordings } = await openKeptStage();
  const before = await request('HEAD', part);
  await writeFile(join(folder, recordings[0]?.id ?? '', 'part0001.mp4'), Buffer.alloc(2_000));
  const after = await request('HEAD', part);
  expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
});
