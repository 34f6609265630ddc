import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { hmacKey } from '../../../gateway/auth/keys.ts';
import { RemoteJwkSet } from '../../../gateway/auth/remote-jwk-set.ts';
import { Tokens } from '../../../gateway/auth/tokens.ts';
import { GatewayError } from '../../../gateway/errors.ts';
import { aToken, JWT_SECRET } from '../../support/gateway/a-token.ts';
import { type FakeIssuer, IssuerKey, startFakeIssuer } from '../../support/gateway/fake-issuer.ts';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const MINUTE = 60_000;
const [first, second] = [new IssuerKey('one'), new IssuerKey('two', 'RS256')];

/** Tokens of ours and of an issuer, by a clock that the test moves. */
class Verifier {
  readonly clock = { now: Date.now() };
  readonly warnings: string[] = [];
  readonly jwks: RemoteJwkSet;
  readonly tokens: Tokens;

  constructor(issuer: FakeIssuer) {
    const write = (line: string) => void this.warnings.push(line);
    const now = (): number => this.clock.now;
    this.jwks = new RemoteJwkSet({ url: issuer.url, log: pino({ level: 'warn' }, { write }), now });
    this.tokens = new Tokens(hmacKey(JWT_SECRET), { jwks: this.jwks, now });
    onTestFinished(() => this.jwks.close());
  }

  async codeOf(token: string): Promise<string> {
    try {
      await this.tokens.verify(token);
      return 'verified';
    } catch (error) {
      return error instanceof GatewayError ? error.code : String(error);
    }
  }

  /** Time goes by, and the timers with it. */
  pass(ms: number): void {
    this.clock.now += ms;
    vi.advanceTimersByTime(ms);
  }
}

async function aVerifier(...keys: IssuerKey[]) {
  const issuer = await startFakeIssuer(...keys);
  return { issuer, verifier: new Verifier(issuer) };
}

/** A verifier that has the keys. */
async function aReadyVerifier(...keys: IssuerKey[]) {
  const made = await aVerifier(...keys);
  made.verifier.jwks.start();
  await vi.waitFor(() => expect(made.verifier.jwks.known).toBe(true));
  return made;
}

const askedTimes = (issuer: FakeIssuer, times: number): Promise<void> =>
  vi.waitFor(() => expect(issuer.seen).toHaveLength(times));

describe('a token of an issuer with a JWK set', () => {
  test('is good when its key is in the set, asked for once', async () => {
    const { issuer, verifier } = await aReadyVerifier(first, second);
    for (const key of [first, second]) expect(await verifier.codeOf(key.sign())).toBe('verified');
    expect(await verifier.codeOf(second.sign({}, {}))).toBe('verified');
    expect(issuer.seen).toHaveLength(1);
    expect(issuer.seen[0]?.headers.authorization).toBeUndefined();
  });

  test('waits for the set when it comes early', async () => {
    const { issuer, verifier } = await aVerifier(first);
    const gate = Promise.withResolvers<undefined>();
    issuer.gate = gate.promise;
    verifier.jwks.start();
    const verdict = verifier.codeOf(first.sign());
    expect(await verifier.codeOf(aToken())).toBe('verified');
    gate.resolve(undefined);
    expect(await verdict).toBe('verified');
  });

  test('is bad when another key made it', async () => {
    const { verifier } = await aReadyVerifier(first);
    const forged = new IssuerKey('one').sign();
    expect(await verifier.codeOf(forged)).toBe('token-invalid');
  });

  test('is bad when its algorithm is not that of its key', async () => {
    const { verifier } = await aReadyVerifier(first, second);
    expect(await verifier.codeOf(second.sign({}, { kid: 'one' }))).toBe('token-invalid');
    const pss = new IssuerKey('two', 'PS256');
    expect(await verifier.codeOf(pss.sign())).toBe('token-invalid');
  });
});

describe('a key that nobody knows', () => {
  test('is asked for once, and found when it is new', async () => {
    const { issuer, verifier } = await aReadyVerifier(first);
    verifier.clock.now += 31_000;
    issuer.keys = [first, second];
    const tokens = [second.sign({ sub: 'a' }), second.sign({ sub: 'b' }), second.sign()];
    const verdicts = await Promise.all(tokens.map((token) => verifier.codeOf(token)));
    expect(verdicts).toEqual(['verified', 'verified', 'verified']);
    expect(issuer.seen).toHaveLength(2);
  });

  test('[HOSTILE-15] costs the issuer one request per 30 s, however many are made up', async () => {
    const { issuer, verifier } = await aReadyVerifier(first);
    verifier.clock.now += 31_000;
    for (let n = 0; n < 300; n += 1) {
      expect(await verifier.codeOf(second.sign({}, { kid: `made-up-${n}` }))).toBe('token-invalid');
    }
    expect(issuer.seen).toHaveLength(2);
    verifier.clock.now += 30_000;
    await verifier.codeOf(second.sign({}, { kid: 'one-more' }));
    expect(issuer.seen).toHaveLength(3);
  });

  test('[HOSTILE-15] makes nobody else wait while it is looked for', async () => {
    const { issuer, verifier } = await aReadyVerifier(first);
    verifier.clock.now += 31_000;
    const gate = Promise.withResolvers<undefined>();
    issuer.gate = gate.promise;
    const slow = verifier.codeOf(second.sign());
    await askedTimes(issuer, 2);
    expect(await verifier.codeOf(first.sign())).toBe('verified');
    expect(await verifier.codeOf(aToken())).toBe('verified');
    gate.resolve(undefined);
    expect(await slow).toBe('token-invalid');
  });

  test('[HOSTILE-15] is never fetched from where the token says', async () => {
    const { issuer, verifier } = await aReadyVerifier(first);
    const own = await startFakeIssuer(second);
    verifier.clock.now += 31_000;
    for (const header of [
      { jku: own.url },
      { x5u: own.url, kid: own.url },
      { jwk: second.jwk, kid: 'one' },
      { jku: own.url, kid: '../../etc/passwd' },
    ]) {
      expect(await verifier.codeOf(second.sign({}, header))).toBe('token-invalid');
    }
    expect(own.seen).toEqual([]);
    expect(issuer.seen.every(({ url }) => url === '/jwks.json')).toBe(true);
  });
});

describe('the set is fetched anew', () => {
  test.each([
    ['', 10 * MINUTE],
    ['public, max-age=120', 2 * MINUTE],
    ['max-age=0', MINUTE],
    ['no-store', MINUTE],
    ['max-age=999999999', 60 * MINUTE],
  ])('after what Cache-Control "%s" says, %d ms', async (value, ms) => {
    const { issuer, verifier } = await aVerifier(first);
    issuer.headers = value === '' ? {} : { 'cache-control': value };
    const armed = vi.spyOn(globalThis, 'setTimeout');
    verifier.jwks.start();
    await vi.waitFor(() => expect(armed).toHaveBeenCalledWith(expect.any(Function), ms));
    verifier.pass(ms - 1);
    expect(issuer.seen).toHaveLength(1);
    verifier.pass(1);
    await askedTimes(issuer, 2);
  });

  test('and a key that its issuer withdrew is good no more, remembered tokens included', async () => {
    const { issuer, verifier } = await aReadyVerifier(first, second);
    const token = first.sign();
    expect(await verifier.codeOf(token)).toBe('verified');
    issuer.keys = [second];
    verifier.pass(10 * MINUTE);
    await vi.waitFor(async () => expect(await verifier.codeOf(token)).toBe('token-invalid'));
    expect(await verifier.codeOf(second.sign())).toBe('verified');
  });
});

describe('an issuer that is away', () => {
  const failures: [string, (issuer: FakeIssuer) => void][] = [
    ['is down', (issuer) => (issuer.answer = (res) => res.destroy())],
    ['answers 500', (issuer) => (issuer.answer = (res) => res.writeHead(500).end('{"keys":[]}'))],
    [
      'sends us elsewhere',
      (issuer) => (issuer.answer = (res) => res.writeHead(302, { location: issuer.url }).end()),
    ],
    ['answers a page', (issuer) => (issuer.answer = (res) => res.end('<html>'))],
    ['answers no keys', (issuer) => (issuer.keys = [])],
    [
      'answers without end',
      (issuer) =>
        (issuer.answer = (res) => {
          const more = (): void =>
            void res.write(' '.repeat(64 * 1024), (error) => error ?? more());
          more();
        }),
    ],
  ];

  test.each(failures)(
    '(it %s) is asked again after 30 s; its old keys stay good',
    async (_, go) => {
      const { issuer, verifier } = await aReadyVerifier(first);
      const { keys } = issuer;
      go(issuer);
      verifier.pass(10 * MINUTE);
      await vi.waitFor(() => expect(verifier.warnings).toHaveLength(1));
      expect(verifier.warnings[0]).not.toContain(issuer.url);
      expect(await verifier.codeOf(first.sign())).toBe('verified');
      const asked = issuer.seen.length;
      issuer.answer = undefined;
      issuer.keys = [...keys, second];
      verifier.pass(29_999);
      expect(issuer.seen).toHaveLength(asked);
      verifier.pass(1);
      await askedTimes(issuer, asked + 1);
      await vi.waitFor(async () => expect(await verifier.codeOf(second.sign())).toBe('verified'));
    },
  );

  test('for more than a day is believed no more', async () => {
    const { issuer, verifier } = await aReadyVerifier(first);
    const token = first.sign({ exp: Math.floor(Date.now() / 1000) + 1e6 });
    expect(await verifier.codeOf(token)).toBe('verified');
    issuer.answer = (res) => res.destroy();
    verifier.clock.now += 24 * 60 * MINUTE;
    expect(await verifier.codeOf(token)).toBe('verified');
    verifier.clock.now += 1;
    expect(await verifier.codeOf(first.sign({ exp: 2e9 * 2 }))).toBe('keys-unavailable');
    expect(await verifier.codeOf(token)).toBe('keys-unavailable');
  });

  test('from the start: its tokens are to come again, ours are good', async () => {
    const { issuer, verifier } = await aVerifier();
    issuer.answer = (res) => res.destroy();
    verifier.jwks.start();
    expect(await verifier.codeOf(first.sign())).toBe('keys-unavailable');
    expect(await verifier.codeOf(first.sign())).toBe('keys-unavailable');
    expect(await verifier.codeOf(aToken())).toBe('verified');
    expect(issuer.seen).toHaveLength(1);
  });
});

describe('a gateway with JWT_JWKS_URL', () => {
  test('lets the issuer’s people in by WHIP', async () => {
    const issuer = await startFakeIssuer(first);
    const { gateway } = await startGateway({ env: { JWT_JWKS_URL: issuer.url } });
    expect((await gateway.whip('demo', { token: first.sign() })).status).toBe(201);
    expect((await gateway.whip('other', { token: first.sign() })).status).toBe(403);
    expect((await gateway.whip('demo', { token: second.sign() })).status).toBe(401);
  });

  test('holds iss and aud of theirs against JWT_ISSUER and JWT_AUDIENCE', async () => {
    const issuer = await startFakeIssuer(first);
    const env = { JWT_JWKS_URL: issuer.url, JWT_ISSUER: 'id', JWT_AUDIENCE: 'cast' };
    const { gateway } = await startGateway({ env });
    const token = first.sign({ iss: 'id', aud: 'cast' });
    expect((await gateway.whip('demo', { token })).status).toBe(201);
    const mail = first.sign({ iss: 'id', aud: 'mail' });
    expect((await gateway.whip('demo', { token: mail })).status).toBe(401);
  });

  test('starts and is ready without the issuer; its tokens get 503 and Retry-After', async () => {
    const issuer = await startFakeIssuer();
    issuer.answer = (res) => res.destroy();
    const { gateway } = await startGateway({ env: { JWT_JWKS_URL: issuer.url } });
    expect((await gateway.request('GET', '/readyz')).status).toBe(200);
    expect((await gateway.whip('demo')).status).toBe(201);
    const reply = await gateway.whip('demo', { token: first.sign() });
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBe('30');
    expect(await problemOf(reply)).toMatchObject({ code: 'keys-unavailable' });
  });

  test.each(['http://issuer.example/jwks', 'ftp://127.0.0.1/', 'https://u:p@issuer.example/'])(
    'does not start with %s',
    async (url) => {
      await expect(startGateway({ env: { JWT_JWKS_URL: url } })).rejects.toThrow('JWT_JWKS_URL');
    },
  );
});
