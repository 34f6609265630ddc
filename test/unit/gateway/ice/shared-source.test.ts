import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { SharedSource } from '../../../../gateway/ice/shared-source.ts';
import { HandProvider } from '../../../support/ice/a-provider.ts';

function open(): {
  source: SharedSource;
  provider: HandProvider;
  pass: (ms: number) => Promise<void>;
} {
  vi.useFakeTimers();
  const provider = new HandProvider();
  const source = new SharedSource(provider.options(100_000));
  onTestFinished(() => {
    source.close();
    vi.useRealTimers();
  });
  const pass = async (ms: number): Promise<void> => {
    provider.at += ms;
    await vi.advanceTimersByTimeAsync(ms);
  };
  return { source, provider, pass };
}

const nameOf = (source: SharedSource): string | undefined => source.current().servers[0]?.username;

describe('credentials that everybody gets', () => {
  test('[ICE-04] are there ahead of the first join, and renewed at half their life', async () => {
    const { source, provider, pass } = open();
    source.start();
    await pass(0);
    expect(nameOf(source)).toBe('user-1');
    await pass(49_999);
    expect(provider.wishes).toHaveLength(1);
    await pass(1);
    expect(nameOf(source)).toBe('user-2');
    expect(source.status()).toMatchObject({ refreshedAt: 50_000, expiresAt: 150_000 });
  });

  test('[ICE-04] stay through an outage for as long as they are good, and no longer', async () => {
    const { source, provider, pass } = open();
    source.start();
    await pass(0);
    provider.answer = () => Promise.reject(new Error('away'));
    await pass(50_000);
    await pass(49_999);
    expect(nameOf(source)).toBe('user-1');
    await pass(1);
    expect(nameOf(source)).toBeUndefined();
    expect(source.status()).toMatchObject({ urls: [], lastError: 'It cannot be reached.' });
  });

  test('[ICE-06] that cannot be had are asked for after pauses that double to a minute', async () => {
    const { source, provider, pass } = open();
    provider.answer = () => Promise.reject(new Error('away'));
    source.start();
    await pass(0);
    const at = [0];
    while (at.length < 9) {
      await pass(500);
      if (provider.wishes.length > at.length) at.push(provider.at);
    }
    const pauses = at.slice(1).map((each, index) => each - (at[index] ?? 0));
    // By chance, half of each pause may be longer; here chance is 0.
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test('[ICE-06] a join waits for the first answer or failure alone', async () => {
    const { source, provider, pass } = open();
    provider.answer = () => Promise.reject(new Error('away'));
    let isSettled = false;
    void source.settle().then(() => (isSettled = true));
    await pass(0);
    expect(isSettled).toBe(false);
    source.start();
    await pass(0);
    expect(isSettled).toBe(true);
  });

  test('nothing is asked after the end', async () => {
    const { source, provider, pass } = open();
    source.start();
    await pass(0);
    source.close();
    await pass(200_000);
    expect(provider.wishes).toHaveLength(1);
  });
});
