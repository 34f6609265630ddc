import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { send } from '../../../support/gateway/a-browser.ts';
import { anAdminToken } from '../../../support/gateway/a-token.ts';
import { IssuerKey } from '../../../support/gateway/fake-issuer.ts';
import { startFakeProvider, type FakeProvider } from '../../../support/gateway/fake-provider.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../../support/gateway/start-gateway.ts';

const AUDIENCE = 'pixelcast';
const now = (): number => Math.floor(Date.now() / 1000);

async function aStage(env: Record<string, string> = {}, key = new IssuerKey('one', 'RS256')) {
  const provider = await startFakeProvider(key);
  const settings = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE, ...env };
  const { gateway } = await startGateway({ env: settings });
  const sign = (claims: object = {}, header?: object): string =>
    key.sign({ ...claimsOf(provider), ...claims }, { typ: 'JWT', kid: key.kid, ...header });
  return { gateway, provider, key, sign };
}

const claimsOf = ({ issuer }: FakeProvider) => ({
  iss: issuer,
  aud: AUDIENCE,
  sub: 'user-1',
  iat: now(),
  roles: ['operator'],
  // What our own tokens have means nothing here.
  room: '*',
  can: ['admin'],
});

const me = (gateway: GatewayUnderTest, token: string) =>
  send(gateway, 'GET', '/api/v1/me', undefined, { token });

describe('[USER-24] an access token of the OpenID provider', () => {
  test.each(['RS256', 'PS256', 'ES256'] as const)(
    'signed by %s gives what its claims say',
    async (alg) => {
      const { gateway, sign } = await aStage({}, new IssuerKey('one', alg));
      const reply = await me(gateway, sign({}, { typ: 'at+jwt' }));
      expect(await reply.json()).toMatchObject({
        name: 'user-1',
        role: 'operator',
        rooms: '*',
        csrf: null,
      });
      expect((await gateway.whip('demo', { token: sign() })).status).toBe(201);
      expect(
        (await send(gateway, 'GET', '/api/v1/users', undefined, { token: sign() })).status,
      ).toBe(403);
    },
  );

  test('has role, rooms and name by the settings', async () => {
    const { gateway, sign } = await aStage({
      OIDC_NAME_CLAIM: 'preferred_username',
      OIDC_ROLE_CLAIM: 'realm_access.roles',
      OIDC_ROLES: 'admin=chiefs,presenter=staff,viewer=*',
      OIDC_ROOMS_CLAIM: 'https://cast.example/rooms',
    });
    const view = async (claims: object) =>
      (await (await me(gateway, sign({ preferred_username: 'zoë', ...claims }))).json()) as object;
    const rooms = { 'https://cast.example/rooms': ['demo', 'den', 'a/b', 7] };
    const roles = (...words: string[]) => ({ realm_access: { roles: words } });
    expect(await view({ ...rooms, ...roles('staff', 'admin') })).toMatchObject({
      name: 'zoë',
      role: 'presenter',
      rooms: ['demo', 'den'],
    });
    expect(await view({ ...rooms, ...roles('staff', 'chiefs') })).toMatchObject({ role: 'admin' });
    expect(await view(rooms)).toMatchObject({ role: 'viewer' });
    expect(await view(roles('chiefs'))).toMatchObject({ code: 'scope-insufficient' });
    const token = sign({ preferred_username: 'zoë', ...rooms, ...roles('staff') });
    expect((await gateway.whip('den', { token })).status).toBe(201);
    expect((await gateway.whip('other', { token })).status).toBe(403);
  });

  test('without a role here is a good one that allows nothing', async () => {
    const { gateway, sign } = await aStage();
    const reply = await me(gateway, sign({ roles: ['baker'] }));
    expect(await problemOf(reply)).toMatchObject({ status: 403, code: 'scope-insufficient' });
  });

  test('is taken back by its sub, and its sessions end', async () => {
    const { gateway, sign } = await aStage();
    const token = sign({ iat: now() - 5 });
    expect((await me(gateway, token)).status).toBe(200);
    await send(
      gateway,
      'POST',
      '/api/v1/revocations',
      { sub: 'user-1' },
      { token: anAdminToken() },
    );
    expect(await problemOf(await me(gateway, token))).toMatchObject({ code: 'token-revoked' });
  });
});

describe('[USER-25] refused is', () => {
  const invalid = { status: 401, code: 'token-invalid' };

  test.each([
    ['another audience', { aud: 'another' }],
    ['no audience', { aud: undefined }],
    ['another issuer', { iss: 'https://another.example' }],
    ['the issuer with a slash', { iss: ':slash' }],
    ['no subject', { sub: undefined }],
    ['a name that turns the reading', { sub: '\u202eevil' }],
    ['no time of issue', { iat: undefined }],
    ['a time of issue ahead', { iat: now() + 3600 }],
    ['a time ahead', { nbf: now() + 3600 }],
    ['an ID token, by its nonce', { nonce: 'n-0S6_WzA2Mj' }],
    ['an ID token, by its at_hash', { at_hash: 'MTIzNDU2Nzg5MDEyMzQ1Ng' }],
    ['an ID token of Keycloak', { typ: 'ID' }],
    ['a logout token', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
    ['a token that is bound to a key', { cnf: { jkt: 'x' } }],
  ])('%s', async (_, claims: object) => {
    const { gateway, sign, provider } = await aStage();
    const given = {
      ...claims,
      ...('iss' in claims && claims.iss === ':slash' ? { iss: `${provider.issuer}/` } : {}),
    };
    expect(await problemOf(await me(gateway, sign(given)))).toMatchObject(invalid);
  });

  test.each(['logout+jwt', 'secevent+jwt', 'dpop+jwt', 'JWE'])('the type %s', async (typ) => {
    const { gateway, sign } = await aStage();
    expect(await problemOf(await me(gateway, sign({}, { typ })))).toMatchObject(invalid);
  });

  test('one that has run out', async () => {
    const { gateway, sign } = await aStage();
    const reply = await me(gateway, sign({ exp: now() - 60 }));
    expect(await problemOf(reply)).toMatchObject({ code: 'token-expired' });
  });

  test('a signature by the public key as a secret, by nobody, or by another key', async () => {
    const { gateway, provider, key } = await aStage();
    const claims = { ...claimsOf(provider), exp: now() + 3600 };
    const encode = (part: object): string =>
      Buffer.from(JSON.stringify(part)).toString('base64url');
    const forge = (alg: string, secret: string): string => {
      const signed = `${encode({ alg, typ: 'JWT', kid: key.kid })}.${encode(claims)}`;
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    };
    const pem = JSON.stringify(key.jwk);
    const stranger = new IssuerKey(key.kid, 'RS256').sign(claims, { kid: key.kid });
    for (const token of [forge('HS256', pem), forge('RS256', pem), forge('none', ''), stranger]) {
      expect(await problemOf(await me(gateway, token))).toMatchObject(invalid);
    }
  });

  test('what another key of ours has signed in the issuer’s name', async () => {
    const { gateway, provider, key } = await aStage();
    const other = new IssuerKey(key.kid, 'ES256');
    const token = other.sign(claimsOf(provider), { kid: key.kid, jwk: other.jwk });
    expect(await problemOf(await me(gateway, token))).toMatchObject(invalid);
  });

  test.each([
    ['is of another issuer', { issuer: 'https://another.example' }],
    ['names keys in the clear', { jwks_uri: 'http://keys.example/jwks' }],
    ['names no keys', { jwks_uri: undefined }],
  ])('every token while the discovery document %s', async (_, spoilt) => {
    const key = new IssuerKey('one');
    const provider = await startFakeProvider(key);
    Object.assign(provider.discovery, spoilt);
    const env = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE };
    const { gateway } = await startGateway({ env });
    const token = key.sign(claimsOf(provider));
    expect(await problemOf(await me(gateway, token))).toMatchObject({
      status: 503,
      code: 'keys-unavailable',
    });
  });

  test.each([
    [{ OIDC_ISSUER: 'https://id.example' }, 'OIDC_AUDIENCE'],
    [{ OIDC_AUDIENCE: 'pixelcast' }, 'OIDC_ISSUER'],
    [{ OIDC_ISSUER: 'http://id.example', OIDC_AUDIENCE: 'x' }, 'https'],
    [{ OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'x', OIDC_ROLES: 'root=x' }, 'OIDC_ROLES'],
  ])('the setting %j', async (env, name) => {
    await expect(startGateway({ env })).rejects.toThrow(name);
  });
});
