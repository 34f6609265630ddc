import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MeView } from '../../../../gateway/protocol/api/login.ts';
import { PageToken } from '../../../../web/login/page-token.ts';

const ANNA: MeView = {
  name: 'anna',
  role: 'presenter',
  rooms: '*',
  can: ['publish', 'watch'],
  csrf: 'x',
  expiresAt: null,
};

/** A token that lives 100 s, told by its own claims. */
const aShortToken = (name: string): string =>
  `h.${btoa(JSON.stringify({ jti: name, iat: 1_000, exp: 1_100 }))}.s`;

function aPageToken(me: MeView | null = ANNA) {
  let count = 0;
  const read = vi.fn(() => Promise.resolve(me));
  const token = vi.fn(() => {
    count += 1;
    return Promise.resolve({ token: aShortToken(`t${count}`), expiresAt: 0, jti: `t${count}` });
  });
  return { page: new PageToken({ read, token }, 'demo'), read, token };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('[USER-28] the token of a page', () => {
  it('is renewed before it runs out, for as long as the page is open', async () => {
    const { page, token } = aPageToken();
    const close = page.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(token).toHaveBeenCalledWith('demo', ['publish', 'watch']);
    const first = page.token.value;
    await vi.advanceTimersByTimeAsync(74_000);
    expect(page.token.value).toBe(first);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(page.token.value).toBe(aShortToken('t2'));
    await vi.advanceTimersByTimeAsync(76_000);
    expect(page.token.value).toBe(aShortToken('t3'));
    close();
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(token).toHaveBeenCalledTimes(3);
  });

  it('stays what it was without a network, and is asked for again', async () => {
    const { page, token } = aPageToken();
    page.start();
    await vi.advanceTimersByTimeAsync(0);
    token.mockRejectedValueOnce(new TypeError('no network'));
    await vi.advanceTimersByTimeAsync(76_000);
    expect(page.token.value).toBe(aShortToken('t1'));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(page.token.value).toBe(aShortToken('t2'));
  });

  it('is none where nobody is logged in, and that is known', async () => {
    const { page, token } = aPageToken(null);
    page.start();
    expect(page.isAnswered.value).toBe(false);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(page.isAnswered.value).toBe(true);
    expect(page.token.value).toBe('');
    expect(token).not.toHaveBeenCalled();
  });

  it('is asked for once by all who want another at once', async () => {
    const { page, token } = aPageToken();
    expect(await Promise.all([page.renew(), page.renew()])).toEqual([true, true]);
    expect(token).toHaveBeenCalledTimes(1);
    token.mockRejectedValueOnce(new TypeError('no network'));
    expect(await page.renew()).toBe(false);
    expect(page.token.value).toBe(aShortToken('t1'));
  });
});
