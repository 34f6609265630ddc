import { expect, test } from 'vitest';
import { maskSecrets } from '../../../../gateway/webhooks/mask-secrets.ts';

test.each([
  ['a token by its name', '{"token":"abc","room":"a"}', '{"token":"***","room":"a"}'],
  ['a name around it', '{"refresh_token" : "a\\"b"}', '{"refresh_token" : "***"}'],
  ['a password in any case', '{"Password":"x"}', '{"Password":"***"}'],
  ['a field of a form', 'user=a&client_secret=x&b=1', 'user=a&client_secret=***&b=1'],
  ['a JWT anywhere', 'you sent eyJhbGciOi.eyJzdWIi.c2ln to us', 'you sent *** to us'],
  ['a header', 'Authorization: Bearer abc.def', 'Authorization: Bearer ***'],
  ['a secret of ours', 'expected whsec_MfKQ9r8=', 'expected ***'],
  ['a signature of ours', 'got v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=', 'got ***'],
])('[CONSOLE-16] %s is shown as ***', (_, text, shown) => {
  expect(maskSecrets(text)).toBe(shown);
});

test('[CONSOLE-16] what is no secret stays as it is', () => {
  const text = '{"type":"room.opened","room":"tokens","at":1,"data":{"by":"anna","why":"secret"}}';
  expect(maskSecrets(text)).toBe(text);
});

test('[CONSOLE-16] a long text without an end is soon done', () => {
  expect(maskSecrets(`"${'token'.repeat(4_000)}`)).toHaveLength(20_001);
});
