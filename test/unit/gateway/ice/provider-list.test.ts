import { describe, expect, test } from 'vitest';
import { readProviderList } from '../../../../gateway/ice/provider-list.ts';

const login = { username: 'u', credential: 'c' };

describe('the answer of a provider', () => {
  test.each([
    ['WebRTC', { iceServers: [{ urls: 'turn:a', ...login }], ttl: 60 }],
    ['Cloudflare before 2025', { iceServers: { urls: ['turn:a'], ...login }, ttl: 60 }],
    ['Twilio', { ttl: '60', ice_servers: [{ url: 'turn:a', urls: 'turn:a', ...login }] }],
    ['draft-uberti', { uris: ['turn:a'], username: 'u', password: 'c', ttl: 60 }],
    [
      'a lifetime as text',
      { lifetimeDuration: '60s', iceServers: [{ urls: ['turn:a'], ...login }] },
    ],
  ])('[ICE-04] is read in the shape of %s', (_, json) => {
    expect(readProviderList(json)).toEqual({
      servers: [{ urls: ['turn:a'], ...login }],
      ttlSeconds: 60,
    });
  });

  test('[ICE-04] may be a bare list, and says nothing of its life then', () => {
    expect(readProviderList([{ urls: 'stun:a' }])).toEqual({
      servers: [{ urls: ['stun:a'] }],
      ttlSeconds: undefined,
    });
  });

  test('[ICE-05] loses what no client could use, and a login that STUN does not need', () => {
    const json = {
      iceServers: [
        { urls: ['stun:a', 'http://b', 'stun:c,d'], ...login },
        { urls: 'turn:no-login' },
        { urls: 'turn:a', username: 'u', credential: 'cut; here' },
        { urls: ['turn:b', 'turn:b'], ...login, credentialType: 'password' },
      ],
    };
    expect(readProviderList(json).servers).toEqual([
      { urls: ['stun:a'] },
      { urls: ['turn:b'], ...login },
    ]);
  });

  test.each([
    ['text', 'top-secret'],
    ['nothing', undefined],
    ['null', null],
    ['no server', { error: 'top-secret' }],
    ['a list of text', { iceServers: ['top-secret'] }],
    ['a life that is no number', { iceServers: [{ urls: 'stun:a' }], ttl: 'top-secret' }],
    ['an empty list', []],
  ])('[ICE-05] [ICE-13] is refused as %s, with a sentence without its content', (_, json) => {
    expect(() => readProviderList(json)).toThrow(/^Its answer has no /);
    expect(() => readProviderList(json)).not.toThrow('top-secret');
  });
});
