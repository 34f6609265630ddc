import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RevocationFile } from '../../../gateway/auth/revocation-file.ts';
import { Revocations, type RevocationStore } from '../../../gateway/auth/revocations.ts';
import { RevocationRequest, type RevocationView } from '../../../gateway/protocol/revocation.ts';
import { aGrant, aRoom } from '../../support/gateway/a-gateway-core.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';

const NOW = 1_800_000_000_000;
const DAY = 24 * 3_600_000;
const request = (given: object): RevocationRequest => RevocationRequest.parse(given);

function aList(store: RevocationStore = { load: () => [], save: () => Promise.resolve() }) {
  const clock = { now: NOW };
  const revocations = new Revocations(store, () => clock.now);
  const revoke = (given: object): RevocationView => revocations.add(request(given), 'root').entry;
  return { clock, revocations, revoke };
}

describe('a revocation', () => {
  test('by jti covers that token, whenever it was issued', () => {
    const { revocations, revoke } = aList();
    revoke({ jti: 'a' });
    expect(revocations.covers(aGrant({ tokenId: 'a', issuedAt: NOW + 1000 }))).toBe(true);
    expect(revocations.covers(aGrant({ tokenId: 'b' }))).toBe(false);
    expect(revocations.covers(aGrant({ tokenId: undefined, subject: 'a' }))).toBe(false);
  });

  test('by sub covers what was issued until then, and what does not say when', () => {
    const { revocations, revoke } = aList();
    revoke({ sub: 'anna' });
    expect(revocations.covers(aGrant({ issuedAt: undefined }))).toBe(true);
    expect(revocations.covers(aGrant({ issuedAt: NOW }))).toBe(true);
    expect(revocations.covers(aGrant({ issuedAt: NOW + 1000 }))).toBe(false);
    expect(revocations.covers(aGrant({ subject: 'ben' }))).toBe(false);
  });

  test('with a room covers tokens for that room alone, never those for all', () => {
    const { revocations, revoke } = aList();
    revoke({ sub: 'anna', room: 'demo' });
    expect(revocations.covers(aGrant())).toBe(true);
    expect(revocations.covers(aGrant({ room: aRoom('other') }))).toBe(false);
    expect(revocations.covers(aGrant({ room: '*', can: ['admin'] }))).toBe(false);
  });

  test('holds for 30 days unless told, then is off the list', () => {
    const { clock, revocations, revoke } = aList();
    revoke({ jti: 'a' });
    revoke({ jti: 'b', ttlSeconds: 60 });
    const [a, b] = [aGrant({ tokenId: 'a' }), aGrant({ tokenId: 'b' })];
    clock.now += 59_999;
    expect([revocations.covers(a), revocations.covers(b)]).toEqual([true, true]);
    clock.now += 1;
    expect([revocations.covers(a), revocations.covers(b)]).toEqual([true, false]);
    expect(revocations.list()).toHaveLength(1);
    clock.now = NOW + 30 * DAY;
    expect(revocations.covers(a)).toBe(false);
  });

  test('of the same again takes its place and never shortens it', () => {
    const { clock, revocations, revoke } = aList();
    const { id } = revoke({ sub: 'anna' });
    clock.now += 5000;
    expect(revoke({ sub: 'anna', ttlSeconds: 60 })).toMatchObject({
      id,
      revokedAt: NOW + 5000,
      expiresAt: NOW + 30 * DAY,
    });
    revoke({ sub: 'anna', room: 'demo' });
    expect(revocations.list()).toHaveLength(2);
  });

  test('is gone when it is deleted', async () => {
    const { revocations, revoke } = aList();
    const kept = revoke({ sub: 'anna', room: 'demo' });
    await revocations.delete(revoke({ sub: 'anna' }));
    expect(revocations.list()).toEqual([kept]);
  });

  test.each([
    ['nothing', {}],
    ['both', { jti: 'a', sub: 'anna' }],
    ['an empty jti', { jti: '' }],
    ['a long sub', { sub: 'a'.repeat(129) }],
    ['a room that is none', { sub: 'anna', room: '*' }],
    ['no time', { jti: 'a', ttlSeconds: 59 }],
    ['more than a year', { jti: 'a', ttlSeconds: 367 * 24 * 3600 }],
    ['something unknown', { jti: 'a', until: 1 }],
  ])('of %s cannot be asked for', (_name, given) => {
    expect(RevocationRequest.safeParse(given).success).toBe(false);
  });
});

describe('the list is bounded', () => {
  const refusal = { code: 'capacity' };
  const add = ({ revocations }: ReturnType<typeof aList>, given: object): void =>
    void revocations.add(request(given), 'root');

  test('per room, so that its admin does not use it up, and as a whole', () => {
    const given = aList();
    for (let n = 0; n < 1000; n += 1) add(given, { jti: `${n}`, room: 'demo', ttlSeconds: 60 });
    expect(() => add(given, { jti: 'more', room: 'demo' })).toThrow(
      expect.objectContaining(refusal),
    );
    add(given, { jti: 'more', room: 'other' });
    given.clock.now += 60_000;
    add(given, { jti: 'more', room: 'demo' });
    expect(given.revocations.list()).toHaveLength(2);
  });
});

describe('the file', () => {
  test('gives the list back after a restart, and nobody else', async () => {
    const path = join(aFolder(), 'deep', 'revocations.json');
    const { revocations } = aList(new RevocationFile(path));
    const { entry, kept } = revocations.add(request({ jti: 'a', room: 'demo' }), 'root');
    await kept;
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = aList(new RevocationFile(path));
    expect(again.revocations.list()).toEqual([entry]);
    await again.revocations.delete(entry);
    expect(aList(new RevocationFile(path)).revocations.list()).toEqual([]);
  });

  test('holds all that were asked for at once', async () => {
    const path = join(aFolder(), 'revocations.json');
    const { revocations } = aList(new RevocationFile(path));
    const names = Array.from({ length: 50 }, (_, n) => `t${n}`);
    await Promise.all(names.map((jti) => revocations.add(request({ jti }), 'root').kept));
    const written = JSON.parse(readFileSync(path, 'utf8')) as RevocationView[];
    expect(written.map(({ jti }) => jti)).toEqual(names);
  });

  test.each(['', '{', '{}', '[{"id":"a"}]'])('that holds %j is not taken for empty', (text) => {
    const path = join(aFolder(), 'revocations.json');
    writeFileSync(path, text);
    expect(() => aList(new RevocationFile(path))).toThrow('is damaged');
  });

  test('that cannot be written is told, and a later try counts', async () => {
    const folder = aFolder();
    const path = join(folder, 'sub', 'revocations.json');
    writeFileSync(join(folder, 'sub'), '');
    const file = new RevocationFile(path);
    await expect(file.save([])).rejects.toThrow();
    rmSync(join(folder, 'sub'));
    await file.save([]);
    expect(new RevocationFile(path).load()).toEqual([]);
  });
});
