import { describe, expect, onTestFinished, test } from 'vitest';
import type { Grant } from '../../../../gateway/auth/grant.ts';
import type { Issued } from '../../../../gateway/ice/issued.ts';
import { PersonalSource } from '../../../../gateway/ice/personal-source.ts';
import { aGrant } from '../../../support/ice/a-grant.ts';
import { HandProvider } from '../../../support/ice/a-provider.ts';
import { waitFor } from '../../../support/wait-for.ts';

function open(lifetimeMs?: number): { source: PersonalSource; provider: HandProvider } {
  const provider = new HandProvider();
  const source = new PersonalSource(provider.options(lifetimeMs));
  onTestFinished(() => source.close());
  return { source, provider };
}

const nameOf = (source: PersonalSource, grant: Grant): string | undefined =>
  source.current(grant).servers[0]?.username;

describe('credentials of a provider for each token', () => {
  test('[ICE-07] are asked for once, and are another token’s never', async () => {
    const { source, provider } = open();
    const [one, other] = [aGrant(), aGrant({ tokenId: 'jti-2' })];
    expect(nameOf(source, one)).toBeUndefined();
    await Promise.all([source.settle(one), source.settle(one), source.settle(other)]);
    expect([nameOf(source, one), nameOf(source, other)].toSorted()).toEqual(['user-1', 'user-2']);
    await source.settle(one);
    expect(provider.wishes).toHaveLength(2);
    expect(source.status()).toMatchObject({ holders: 2, urls: ['turn:a'], failures: 0 });
  });

  test('[ICE-03] are asked for as long as the token is good, and never given out after', async () => {
    const { source, provider } = open();
    const grant = aGrant({ expiresAt: 100_500 });
    await source.settle(grant);
    expect(provider.wishes).toEqual([{ subject: 'anna', lifetimeMs: 100_000 }]);
    provider.at = 99_999;
    expect(nameOf(source, grant)).toBe('user-1');
    provider.at = 100_000;
    expect(nameOf(source, grant)).toBeUndefined();
  });

  test('[ICE-03] are not asked for when the token has almost ended', async () => {
    const { source, provider } = open();
    await source.settle(aGrant({ expiresAt: 29_000 }));
    expect(provider.wishes).toEqual([]);
  });

  test('[ICE-07] are renewed at half their life, while those before are still given out', async () => {
    const { source, provider } = open();
    const grant = aGrant();
    await source.settle(grant);
    provider.at = 300_000;
    const answer = Promise.withResolvers<Issued>();
    provider.answer = () => answer.promise;
    await source.settle(grant);
    expect(provider.wishes).toHaveLength(2);
    expect(nameOf(source, grant)).toBe('user-1');
    answer.resolve(provider.list());
    await waitFor(() => nameOf(source, grant) === 'user-2', { what: 'the renewed credentials' });
  });

  test('[ICE-06] wait for nobody and ask nobody in the pause after a failure', async () => {
    const { source, provider } = open();
    provider.answer = () => Promise.reject(new Error('top-secret'));
    await source.settle(aGrant());
    expect(source.status()).toMatchObject({ failures: 1, lastError: 'It cannot be reached.' });
    await source.settle(aGrant());
    await source.settle(aGrant({ subject: 'bob' }));
    expect(provider.wishes).toHaveLength(1);
    provider.at = 500;
    await source.settle(aGrant());
    expect(source.status()).toMatchObject({ failures: 2, lastErrorAt: 500 });
    provider.at = 1_499;
    await source.settle(aGrant());
    expect(provider.wishes).toHaveLength(2);
    provider.at = 1_500;
    provider.answer = undefined;
    await source.settle(aGrant());
    expect(source.status()).toMatchObject({ failures: 0, failuresInAll: 2, refreshedAt: 1_500 });
    expect(provider.lines.join('')).not.toContain('top-secret');
  });

  test('[ICE-07] of a crowd are asked for eight at once', async () => {
    const { source, provider } = open();
    const answers: (() => void)[] = [];
    provider.answer = () => new Promise((resolve) => answers.push(() => resolve(provider.list())));
    const all = Array.from({ length: 20 }, (_, n) => source.settle(aGrant({ subject: `s${n}` })));
    expect(provider.wishes).toHaveLength(8);
    answers[0]?.();
    await all[0];
    await waitFor(() => provider.wishes.length === 9, { what: 'the ninth request' });
  });

  test('[ICE-08] are taken back with the token, renewed ones too, and nobody else’s', async () => {
    const { source, provider } = open();
    const [one, other] = [aGrant(), aGrant({ subject: 'bob' })];
    await source.settle(one);
    await source.settle(other);
    provider.at = 300_000;
    await source.settle(one);
    await waitFor(() => nameOf(source, one) === 'user-3', { what: 'renewed credentials' });
    source.sweep(({ subject }) => (subject === 'anna' ? 'revoked' : undefined));
    expect(provider.revoked).toEqual(['user-1', 'user-3']);
    expect(nameOf(source, one)).toBeUndefined();
    expect(nameOf(source, other)).toBe('user-2');
  });

  test('[ICE-08] that arrive after their token was revoked are taken back at once', async () => {
    const { source, provider } = open();
    const answer = Promise.withResolvers<Issued>();
    provider.answer = () => answer.promise;
    const settled = source.settle(aGrant());
    source.sweep(() => 'revoked');
    answer.resolve(provider.list());
    await settled;
    expect(provider.revoked).toEqual(['user-1']);
    expect(nameOf(source, aGrant())).toBeUndefined();
  });

  test('[ICE-08] of a token that ran out are forgotten: they ended with it', async () => {
    const { source, provider } = open();
    await source.settle(aGrant());
    source.sweep(() => 'expired');
    expect(provider.revoked).toEqual([]);
    expect(source.status().holders).toBe(0);
  });

  test('[ICE-08] are tried to be taken back again, without a word of them in the log', async () => {
    const { source, provider } = open();
    await source.settle(aGrant());
    provider.failRevoking = true;
    source.sweep(() => 'revoked');
    await waitFor(() => provider.lines.some((line) => line.includes('not taken back yet')), {
      what: 'the first failure',
    });
    provider.failRevoking = false;
    await waitFor(() => provider.revoked.length === 1, { what: 'the revocation' });
    expect(provider.lines.join('')).not.toMatch(/top-secret|user-1/);
  });
});
