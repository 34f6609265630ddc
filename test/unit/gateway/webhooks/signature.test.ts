import { expect, test } from 'vitest';
import { pauseAfter } from '../../../../gateway/webhooks/backoff.ts';
import { newSecret, signatureHeaders } from '../../../../gateway/webhooks/signature.ts';

test('[WEBHOOK-01] the signature is that of the example in the text', () => {
  const body = '{"test": 2432232314}';
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  expect(signatureHeaders({ id, timestamp: 1614265330, body }, [secret])).toEqual({
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('secrets have 256 bits and are never the same', () => {
  const secrets = new Set(Array.from({ length: 100 }, newSecret));
  expect(secrets.size).toBe(100);
  for (const secret of secrets) {
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  }
});

test('pauses grow to two hours, and no two receivers come back at once', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100].map((attempts) => pauseAfter(attempts, 0.5));
  expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses);
  expect([pauses[0], pauses.at(-1)]).toEqual([1_000, 7_200_000]);
  expect([pauseAfter(1, 0), pauseAfter(1, 1)]).toEqual([800, 1_200]);
});
