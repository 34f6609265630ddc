import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../gateway/store/open-store.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { aKeepingLogger, aStore } from '../../support/store/a-store.ts';

const USERS = 'CREATE TABLE user (name TEXT PRIMARY KEY, age INTEGER, photo BLOB) STRICT';
const ADD = 'INSERT INTO user (name, age, photo) VALUES (?, ?, ?)';
const WRITER = fileURLToPath(new URL('../../support/store/writer.ts', import.meta.url));

const add = (name: string, age = 1) => ({ sql: ADD, params: [name, age, null] });

describe('a store', () => {
  test('gives back what was written, of each type', async () => {
    const store = await aStore([USERS]);
    const photo = new Uint8Array([0, 1, 255]);
    const [written] = await store.write([{ sql: ADD, params: ['anna', 2 ** 52, photo] }]);
    expect(written).toEqual({ changes: 1, lastId: 1 });
    const rows = await store.all('SELECT * FROM user WHERE name = ?', ['anna']);
    expect(rows).toEqual([{ name: 'anna', age: 2 ** 52, photo }]);
  });

  test('takes parameters as values, whatever they say', async () => {
    const store = await aStore([USERS]);
    const name = "'); DROP TABLE user; --";
    await store.write([add(name)]);
    expect(await store.all('SELECT name FROM user WHERE name = ?', [name])).toEqual([{ name }]);
  });

  test('does a write as a whole or not at all', async () => {
    const store = await aStore([USERS]);
    const write = store.write([add('anna'), add('ben'), add('anna')]);
    await expect(write).rejects.toMatchObject({ name: 'StoreError', code: 'conflict' });
    expect(await store.all('SELECT name FROM user')).toEqual([]);
  });

  test('undoes a write whose statement changed another number of rows', async () => {
    const store = await aStore([USERS]);
    await store.write([add('anna')]);
    const older = { sql: 'UPDATE user SET age = 2 WHERE age = ?', params: [9], changes: 1 };
    await expect(store.write([add('ben'), older])).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.all('SELECT name, age FROM user')).toEqual([{ name: 'anna', age: 1 }]);
  });

  test('keeps the order of calls, and no write is undone by its neighbour', async () => {
    const store = await aStore([USERS]);
    const names = Array.from({ length: 1_200 }, (_, index) => `user ${index}`);
    const writes = names.map((name) => store.write([add(name)]));
    const failing = store.write([add('user 7')]);
    const count = store.all('SELECT count(*) AS n FROM user');
    const later = store.write([add('later')]);
    await expect(failing).rejects.toMatchObject({ code: 'conflict' });
    expect(await count).toEqual([{ n: names.length }]);
    await later;
    const ids = (await Promise.all(writes)).map(([written]) => written?.lastId);
    expect(ids).toEqual(names.map((_, index) => index + 1));
  });

  test('says what is wrong with a statement and goes on', async () => {
    const store = await aStore([USERS]);
    const asked = store.all('SELECT nothing FROM user');
    await expect(asked).rejects.toMatchObject({ code: 'failed', message: /nothing/ });
    expect(await store.all('SELECT name FROM user')).toEqual([]);
  });

  test('refuses more than may wait', async () => {
    const store = await aStore([USERS]);
    const reads = Array.from({ length: 21_000 }, () => store.all('SELECT 1'));
    const outcomes = await Promise.allSettled(reads);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { code: 'busy' } });
    expect(await store.all('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('finishes what waits when it is closed, and refuses what comes later', async () => {
    const file = join(aFolder(), 'a.db');
    const store = await aStore([USERS], { file });
    const write = store.write([add('anna')]);
    await Promise.all([store.close(), store.close()]);
    await write;
    await expect(store.all('SELECT 1')).rejects.toMatchObject({ code: 'closed' });
    expect(readdirSync(dirname(file))).toEqual(['a.db']);
    const again = await aStore([USERS], { file });
    expect(await again.all('SELECT name FROM user')).toEqual([{ name: 'anna' }]);
  });

  test('has files that only their owner reads', async () => {
    const file = join(aFolder(), 'deeper', 'a.db');
    const store = await aStore([USERS], { file });
    await store.write([add('anna')]);
    for (const name of readdirSync(dirname(file)))
      expect(statSync(join(dirname(file), name)).mode & 0o777, name).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  });

  test('brings an older file to the newest version, and leaves a newer one alone', async () => {
    const file = join(aFolder(), 'a.db');
    const old = await aStore([USERS], { file });
    await old.write([add('anna', 7)]);
    await old.close();
    const next = ['ALTER TABLE user ADD COLUMN mail TEXT', "UPDATE user SET mail = 'none'"];
    const store = await aStore([USERS, ...next], { file });
    const row = { name: 'anna', age: 7, mail: 'none' };
    expect(await store.all('SELECT name, age, mail FROM user')).toEqual([row]);
    await store.close();
    await expect(aStore([USERS], { file })).rejects.toThrow(/a\.db cannot be opened: .*newer/);
  });

  test('moves a damaged file aside, says so and begins anew', async () => {
    const { log, lines } = aKeepingLogger();
    for (const damage of [Buffer.from('not a database at all'), null]) {
      const file = join(aFolder(), 'a.db');
      if (damage === null) await damagedDatabase(file);
      else writeFileSync(file, damage);
      const before = readFileSync(file);
      const store = await aStore([USERS], { file, log });
      await store.write([add('anna')]);
      const [aside = ''] = readdirSync(dirname(file)).filter((name) => name.includes('damaged'));
      expect(readFileSync(join(dirname(file), aside))).toEqual(before);
      expect(lines.at(-1)).toContain(aside);
    }
  });

  test('cannot be opened where there is no place for it', async () => {
    const file = join(aFolder(), 'a.db');
    writeFileSync(file, '');
    const inside = openStore({ file: join(file, 'b.db'), migrations: [], ...aKeepingLogger() });
    await expect(inside).rejects.toMatchObject({ code: 'failed', message: /b\.db cannot be/ });
  });

  test('has what was resolved when its process is killed', async () => {
    const file = join(aFolder(), 'a.db');
    const child = spawn(process.execPath, [WRITER, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      told = Number(line);
      if (told === 200) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const store = await aStore(['CREATE TABLE number (value INTEGER PRIMARY KEY) STRICT'], {
      file,
    });
    const [row] = await store.all('SELECT count(*) AS n, max(value) AS last FROM number');
    expect(row?.['n']).toBe(row?.['last']);
    expect(row?.['n']).toBeGreaterThanOrEqual(told);
  });
});

/** A database of many pages, some of them overwritten. */
async function damagedDatabase(file: string): Promise<void> {
  const store = await aStore([USERS], { file });
  const rows = Array.from({ length: 500 }, (_, index) => add(`${index} ${'x'.repeat(200)}`));
  await store.write(rows);
  await store.close();
  const content = readFileSync(file);
  content.fill(0x5a, 8_192, 40_960);
  writeFileSync(file, content);
}
