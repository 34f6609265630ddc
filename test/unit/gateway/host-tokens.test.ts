import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { hmacKey } from '../../../gateway/auth/keys.ts';
import { Tokens } from '../../../gateway/auth/tokens.ts';
import { HostTokens } from '../../../gateway/host-tokens.ts';
import { RoomId } from '../../../gateway/protocol/ids.ts';

const DAY_MS = 24 * 3600 * 1000;

const aFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'host-tokens-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};
const claimsOf = (file: string): Record<string, unknown> =>
  JSON.parse(
    Buffer.from(readFileSync(file, 'utf8').split('.')[1] ?? '', 'base64url').toString(),
  ) as Record<string, unknown>;

test('each room has a token for a host and nothing more, readable to its owner, renewed daily', () => {
  vi.useFakeTimers({ now: 1_000_000 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const dataDir = aFolder();
  const tokens = new Tokens(hmacKey('a-secret-for-tests-of-32-characters'));
  const rooms = ['demo', 'desk'].map((room) => RoomId.parse(room));
  const files = new HostTokens({ dataDir, rooms, tokens, now: Date.now });
  files.start();
  const file = join(dataDir, 'host', 'desk.token');
  expect(readdirSync(join(dataDir, 'host')).sort()).toEqual(['demo.token', 'desk.token']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const first = claimsOf(file);
  expect(first).toMatchObject({ sub: 'host', room: 'desk', can: ['publish', 'host'] });
  expect(first['exp']).toBe(1_000 + 30 * 24 * 3600);
  vi.advanceTimersByTime(DAY_MS);
  expect(claimsOf(file)['exp']).toBe(1_000 + 31 * 24 * 3600);
  files.close();
  vi.advanceTimersByTime(DAY_MS);
  expect(claimsOf(file)['exp']).toBe(1_000 + 31 * 24 * 3600);
});

test('without rooms nothing is written', () => {
  const dataDir = aFolder();
  const tokens = new Tokens(hmacKey('a-secret-for-tests-of-32-characters'));
  const files = new HostTokens({ dataDir, rooms: [], tokens, now: Date.now });
  files.start();
  files.close();
  expect(readdirSync(dataDir)).toEqual([]);
});
