import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../gateway/config/secret.ts';
import { TurnSecret } from '../../../../gateway/ice/turn-secret.ts';
import { IceServerList } from '../../../../gateway/protocol/ice.ts';
import { aGrant } from '../../../support/ice/a-grant.ts';

const SECRET = 'a secret that coturn knows';
const URLS = ['stun:turn.example.net', 'turn:turn.example.net?transport=udp'];

function aSource({ at = 0, lifetimeMs = 600_000 } = {}): TurnSecret {
  return new TurnSecret({ urls: URLS, secret: new Secret(SECRET), lifetimeMs, now: () => at });
}

describe('credentials made of a secret', () => {
  test('[ICE-02] are a name with its end and the HMAC-SHA1 of it, for TURN alone', () => {
    const { servers, expiresAt } = aSource().current(aGrant());
    const credential = createHmac('sha1', SECRET).update('600:anna').digest('base64');
    expect(servers).toEqual([
      { urls: ['stun:turn.example.net'] },
      { urls: ['turn:turn.example.net?transport=udp'], username: '600:anna', credential },
    ]);
    expect(expiresAt).toBe(600_000);
  });

  test('[ICE-02] are known: the vector that coturn computes too', () => {
    const source = new TurnSecret({
      urls: ['turn:a'],
      secret: new Secret('north'),
      lifetimeMs: 600_000,
      now: () => 1_433_895_318_000,
    });
    const grant = aGrant({ subject: 'user', expiresAt: Infinity });
    // printf 1433895918:user | openssl dgst -sha1 -hmac north -binary | base64
    expect(source.current(grant).servers[0]).toMatchObject({
      username: '1433895918:user',
      credential: '/gk4t5tUc08OpM3NjrVjHSFVNmY=',
    });
  });

  test('[ICE-03] end with the token, and are none when it has ended', () => {
    const grant = aGrant({ expiresAt: 90_999 });
    expect(aSource().current(grant)).toMatchObject({ expiresAt: 90_000 });
    expect(aSource({ at: 90_500 }).current(grant).servers).toEqual([]);
    expect(aSource({ at: 91_000 }).current(grant).servers).toEqual([]);
  });

  test('[ICE-03] end with the lifetime, by the clock, whatever the token allows', () => {
    const source = aSource({ at: 1_000_000, lifetimeMs: 60_000 });
    expect(source.current(aGrant()).expiresAt).toBe(1_060_000);
  });

  test.each(['anna müller', 'a:b', 'a,b; c"', '=looks-like-a-digest', 'x'.repeat(65), '1 2'])(
    '[ICE-02] name the subject %j so that every client and header can carry it',
    (subject) => {
      const { servers } = aSource().current(aGrant({ subject }));
      expect(IceServerList.safeParse({ iceServers: servers }).error).toBeUndefined();
      const other = aSource().current(aGrant({ subject: `${subject}.` }));
      expect(other.servers[1]?.username).not.toBe(servers[1]?.username);
      expect(servers[1]?.username).not.toContain(subject);
    },
  );
});
