import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { openKeptStage } from '../../support/recording/kept-stage.ts';

const UP = '../'.repeat(12);
const upBy = (separator: string): string => `..${separator}`.repeat(12);

/** Targets as bytes on the wire; `:base` is the address of a recording, `:id` its name. */
const TARGETS = [
  ...['..%2f', '..%2F', '%2e%2e%2f', '%2E%2E/', '..%5c', '..\\', '..%c0%af', '..%252f', '..;/'].map(
    (step) => `:base/parts/${step.repeat(12)}etc/passwd`,
  ),
  `:base/parts/${UP}etc/passwd`,
  `:base/parts/${upBy('%2f')}etc%2fpasswd`,
  `/api/v1/recordings/${upBy('%2f')}etc%2fpasswd`,
  '/api/v1/recordings/../../../../etc/passwd',
  '/api/v1/recordings/..%2f:id/parts/part0001.mp4',
  '/api/v1/recordings/.engine/parts/part0001.mp4',
  '/recordings/..%2f..%2fetc%2fpasswd',
  `/recordings/${UP}etc/passwd`,
  '/assets/..%2f..%2f..%2fpackage.json',
  '//etc/passwd',
  ':base/parts//etc/passwd',
  ':base/parts/%2fetc%2fpasswd',
  ':base/parts/file:%2f%2f%2fetc%2fpasswd',
  ':base/parts/recording.json',
  ':base/parts/recording.json%00.mp4',
  ':base/parts/part0001.mp4%00',
  ':base/parts/part0001.mp4%0d%0aX-Injected:%20yes',
  ':base/parts/part0001.mp4/',
  ':base/parts/part0001.mp4/.',
  ':base/parts/PART0001.MP4',
  ':base/parts/.%2fpart0001.mp4',
  ':base/parts/part0001.mp4%2f..%2frecording.json',
  ':base/parts/part0001/thumbnails/..%2f..%2frecording.json',
  ':base/parts/..%2f:id/thumbnails/0.jpg',
  ':base/journal%2f..%2frecording.json',
  ':base/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  ':base/parts/%',
  ':base/parts/%zz',
  ':base/parts/%ff%fe',
  `:base/parts/${'a'.repeat(7_000)}.mp4`,
] as const;

test('[REC-74] no bytes of a path lead to another file, whoever asks and however they are written', async () => {
  const { raw, base, recordings } = await openKeptStage();
  const id = recordings[0]?.id ?? '';
  for (const target of TARGETS) {
    const reply = await raw('GET', target.replace(':base', base).replace(':id', id));
    const page = target.startsWith('/recordings/') ? [200] : [];
    expect([301, 302, 307, 308, 400, 404, 414, 431, ...page], target).toContain(reply.status);
    if (reply.status === 200) expect(reply.body, target).toMatch(/^<!doctype html>/i);
    expect(reply.body, target).not.toMatch(/root:|startedBy|abcdefghij|"pixelcast"/);
    expect(reply.head.toLowerCase(), target).not.toContain('x-injected');
  }
});

test('[REC-74] nor do bytes that are no HTTP', async () => {
  const { raw, base, part } = await openKeptStage();
  for (const target of [`${part}\0`, `${base}/parts/\u0001`, `${part}\tx`, '../etc/passwd']) {
    const reply = await raw('GET', target);
    expect([0, 400, 404], target).toContain(reply.status);
    expect(reply.body).not.toContain('abcdefghij');
  }
  expect((await raw('GET', part)).status).toBe(200);
});

test.each(['a part', 'a recording', 'thumbnails', 'a thumbnail', 'a journal'] as const)(
  '[REC-13] %s that is a link in the file system is not there',
  async (what) => {
    const { raw, base, part, folder, recordings } = await openKeptStage();
    const own = join(folder, recordings[0]?.id ?? '');
    const elsewhere = aFolder();
    const entry = { at: 1, type: 'gap', count: 1, secret: 'abcdefghij' };
    await writeFile(join(elsewhere, '0.jpg'), 'abcdefghij');
    await writeFile(join(elsewhere, 'journal.jsonl'), `${JSON.stringify(entry)}\n`);
    const thumbnails = join(own, 'part0001-thumbnails');
    const targets = {
      'a part': part,
      'a recording': part,
      thumbnails: `${base}/parts/part0001/thumbnails/0.jpg`,
      'a thumbnail': `${base}/parts/part0001/thumbnails/0.jpg`,
      'a journal': `${base}/journal`,
    };
    if (what === 'a part') {
      await rename(join(own, 'part0001.mp4'), join(elsewhere, 'part.mp4'));
      await symlink(join(elsewhere, 'part.mp4'), join(own, 'part0001.mp4'));
    } else if (what === 'a recording') {
      await rename(own, join(elsewhere, 'moved'));
      await symlink(join(elsewhere, 'moved'), own);
    } else if (what === 'thumbnails') {
      await symlink(elsewhere, thumbnails);
    } else if (what === 'a thumbnail') {
      await mkdir(thumbnails);
      await symlink(join(elsewhere, '0.jpg'), join(thumbnails, '0.jpg'));
    } else {
      await rm(join(own, 'journal.jsonl'), { force: true });
      await symlink(join(elsewhere, 'journal.jsonl'), join(own, 'journal.jsonl'));
    }
    const reply = await raw('GET', targets[what]);
    expect(reply.body).not.toMatch(/abcdefghij|"gap"/);
    if (what !== 'a journal') expect(reply.status).toBe(404);
  },
);
