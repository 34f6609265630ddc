import { describe, expect, test } from 'vitest';
import { merge } from '../../../../gateway/ice/merge.ts';
import type { IceServer } from '../../../../gateway/protocol/ice.ts';

const list = (servers: readonly IceServer[], expiresAt = Infinity) => ({ servers, expiresAt });
const turn = (url: string, username: string): IceServer => ({
  ...{ urls: [url], username, credential: 'c' },
});

describe('lists of several sources', () => {
  test('[ICE-10] keep their order, and the first that names a server gives its login', () => {
    const merged = merge([
      list([turn('turn:a.example:3478?transport=udp', 'first')]),
      list([{ urls: ['stun:s.example'] }, turn('turn:a.example', 'second')]),
      list([{ urls: ['stun:S.example:3478', 'stun:other.example'] }]),
    ]);
    expect(merged.servers).toEqual([
      turn('turn:a.example:3478?transport=udp', 'first'),
      { urls: ['stun:s.example'] },
      { urls: ['stun:other.example'] },
    ]);
  });

  test('[ICE-10] tell apart what differs in scheme, port or transport', () => {
    const urls = [
      'turn:a.example',
      'turn:a.example?transport=tcp',
      'turns:a.example',
      'turns:a.example:443?transport=tcp',
      'turn:[2001:db8::1]:3478',
    ];
    const merged = merge(urls.map((url) => list([turn(url, 'u')])));
    expect(merged.servers.flatMap((server) => server.urls)).toEqual(urls);
  });

  test('[ICE-10] have 16 servers at most', () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ urls: [`stun:s${n}.example`] }));
    expect(merge([list(many.slice(0, 10)), list(many.slice(10))]).servers).toEqual(
      many.slice(0, 16),
    );
  });

  test('[ICE-12] run out with the first of those that are used', () => {
    const used = list([turn('turn:a.example', 'u')], 500);
    const unused = list([turn('turn:a.example', 'u')], 100);
    expect(merge([used, unused, list([{ urls: ['stun:b.example'] }])]).expiresAt).toBe(500);
    expect(merge([]).expiresAt).toBe(Infinity);
  });
});
