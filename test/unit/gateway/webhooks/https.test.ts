import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { attempt } from '../../../../gateway/webhooks/attempt.ts';
import { TargetRule } from '../../../../gateway/webhooks/target-rule.ts';
import { makeCertificate } from '../../../support/tls/certificate-files.ts';
import { aReceiver } from '../../../support/webhooks/webhook-receiver.ts';

const KNOWN = getCACertificates('default');
const rule = new TargetRule(['127.0.0.0/8']);

afterEach(() => setDefaultCACertificates(KNOWN));

async function aSecureReceiver() {
  const files = makeCertificate();
  const tls = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
  const receiver = await aReceiver();
  await receiver.up('0.0.0.0', tls);
  const send = (host: string) =>
    attempt(
      {
        url: `https://${host}:${receiver.port}/hook`,
        headers: { 'webhook-id': 'msg_1' },
        body: '{}',
        signal: new AbortController().signal,
      },
      rule,
    );
  return { receiver, send, cert: tls.cert };
}

test('[WEBHOOK-17] a certificate that the machine trusts, for this name, is delivered to', async () => {
  const { receiver, send, cert } = await aSecureReceiver();
  setDefaultCACertificates([...KNOWN, cert]);
  expect(await send('127.0.0.1')).toMatchObject({ kind: 'delivered', status: 204 });
  expect(receiver.received[0]).toMatchObject({ id: 'msg_1', body: '{}' });
});

test('[WEBHOOK-17] one that nobody vouches for is refused, and nothing is sent', async () => {
  const { receiver, send } = await aSecureReceiver();
  const refused = await send('127.0.0.1');
  expect(refused).toMatchObject({ kind: 'unreachable', status: null });
  expect(refused.detail).toBe('Its certificate is not trusted (self-signed).');
  expect(receiver.received).toEqual([]);
});

test('[WEBHOOK-17] so is one for another name', async () => {
  const { receiver, send, cert } = await aSecureReceiver();
  setDefaultCACertificates([...KNOWN, cert]);
  const refused = await send('127.0.0.2');
  expect(refused.detail).toBe('Its certificate is for another name.');
  expect(receiver.received).toEqual([]);
});
