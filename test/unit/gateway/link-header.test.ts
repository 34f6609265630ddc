import { describe, expect, test } from 'vitest';
import { formatLink } from '../../../gateway/http/link-header.ts';
import { iceServerLinks } from '../../../gateway/http/session-links.ts';

describe('a Link field line', () => {
  test('[WHIP-65] names a TURN server in the one form that every parser reads', () => {
    const server = {
      urls: ['turn:turn.example.net:3478?transport=udp'],
      username: 'u',
      credential: 'c',
    };
    expect(iceServerLinks([server])).toEqual([
      '<turn:turn.example.net:3478?transport=udp>; rel="ice-server"; username="u"; credential="c"; credential-type="password"',
    ]);
  });

  test('[WHIP-65] names a STUN server without parameters, each URL in a line of its own', () => {
    expect(iceServerLinks([{ urls: ['stun:a.example.net', 'stun:[2001:db8::1]:3478'] }])).toEqual([
      '<stun:a.example.net>; rel="ice-server"',
      '<stun:[2001:db8::1]:3478>; rel="ice-server"',
    ]);
  });

  test('[WHEP-20] may carry an extension and its parameters', () => {
    expect(
      formatLink({
        target: 'https://cast.example.org/events/abc',
        rel: 'urn:ietf:params:whep:ext:core:server-sent-events',
        parameters: { events: 'active,inactive' },
      }),
    ).toBe(
      '<https://cast.example.org/events/abc>; rel="urn:ietf:params:whep:ext:core:server-sent-events"; events="active,inactive"',
    );
  });

  test.each([
    '',
    'a b',
    'x>; rel="evil',
    'stun:a,b',
    'stun:a;b',
    'stun:a\r\nb',
    'no-scheme',
    '//h',
  ])('refuses the target %j', (target) => {
    expect(() => formatLink({ target, rel: 'ice-server' })).toThrow(RangeError);
  });

  test.each(['', 'a"b', 'a;b', 'a b', 'a\\b', "a'b", 'a\nb', 'ü', 'a<b'])(
    'refuses the value %j',
    (username) => {
      const link = { target: 'turn:a', rel: 'ice-server', parameters: { username } };
      expect(() => formatLink(link)).toThrow(RangeError);
    },
  );
});
