import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openKeptStage } from '../../support/recording/kept-stage.ts';

/** `null`: the whole, as if no range was asked for. */
const RANGES: readonly (readonly [string, readonly [number, number] | 416 | null])[] = [
  ['bytes=0-0', [0, 0]],
  ['bytes=999-999', [999, 999]],
  ['bytes=990-5000', [990, 999]],
  ['bytes=990-', [990, 999]],
  ['bytes=-1', [999, 999]],
  ['bytes=-1000', [0, 999]],
  ['bytes=-2000', null],
  ['BYTES=0-9', null],
  ['bytes=1000-', 416],
  ['bytes=1000-1001', 416],
  ['bytes=99999999999999999999-', 416],
  ['bytes=-0', 416],
  ['bytes=9-2', 416],
  ['bytes=a-b', null],
  ['bytes=', null],
  ['bytes', null],
  ['items=0-9', null],
  ['bytes=0-1,5-6', null],
  // Those that touch are one.
  [`bytes=${'0-,'.repeat(500)}0-1`, [0, 999]],
];

test('[REC-10] each range gives its bytes, the whole, or 416 with the length', async () => {
  const { part, request, folder, recordings } = await openKeptStage();
  const bytes = await readFile(join(folder, recordings[0]?.id ?? '', 'part0001.mp4'), 'utf8');
  const { headers } = await request('HEAD', part);
  expect(headers.get('accept-ranges')).toBe('bytes');
  for (const [range, wanted] of RANGES) {
    const reply = await request('GET', part, { headers: { range } });
    const body = await reply.text();
    const told = reply.headers.get('content-range');
    if (wanted === 416) {
      expect([reply.status, told], range).toEqual([416, 'bytes */1000']);
    } else if (wanted === null) {
      expect([reply.status, told, body], range).toEqual([200, null, bytes]);
    } else {
      const [from, to] = wanted;
      expect([reply.status, told], range).toEqual([206, `bytes ${from}-${to}/1000`]);
      expect(body, range).toBe(bytes.slice(from, to + 1));
    }
  }
});

test('[REC-10] a range is given of the very bytes that the client has, and to GET alone', async () => {
  const { part, request } = await openKeptStage();
  const whole = await request('GET', part);
  await whole.body?.cancel();
  const [etag = '', changed = ''] = ['etag', 'last-modified'].map(
    (name) => whole.headers.get(name) ?? '',
  );
  const status = async (ifRange: string, method = 'GET') => {
    const reply = await request(method, part, {
      headers: { range: 'bytes=0-9', 'if-range': ifRange },
    });
    await reply.body?.cancel();
    return reply.status;
  };
  expect(await status(etag)).toBe(206);
  expect(await status(changed)).toBe(206);
  expect(await status(`W/${etag}`)).toBe(200);
  expect(await status(etag.replace('part', 'p4rt'))).toBe(200);
  expect(await status(new Date(0).toUTCString())).toBe(200);
  expect(await status('yesterday')).toBe(200);
  expect(await status(etag, 'HEAD')).toBe(200);
  const head = await request('HEAD', part, { headers: { range: 'bytes=0-9' } });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000']);
  const other = await request('GET', part, { headers: { 'if-match': '"another"' } });
  expect(other.status).toBe(412);
  await other.body?.cancel();
});
