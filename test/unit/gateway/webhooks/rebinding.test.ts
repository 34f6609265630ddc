import type * as dns from 'node:dns';
import { beforeEach, expect, test, vi } from 'vitest';
import { attempt } from '../../../../gateway/webhooks/attempt.ts';
import { TargetRule } from '../../../../gateway/webhooks/target-rule.ts';
import { aReceiver } from '../../../support/webhooks/webhook-receiver.ts';

/** What the name server says, one answer for each question; the last one stays. */
const answers = vi.hoisted((): dns.LookupAddress[][] => []);
const questions = vi.hoisted((): string[] => []);

vi.mock('node:dns', async (original) => ({
  ...(await original<typeof dns>()),
  lookup: (
    name: string,
    _options: unknown,
    callback: (error: Error | null, found: dns.LookupAddress[]) => void,
  ) => {
    questions.push(name);
    if (name === 'unknown.example') {
      callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
      return;
    }
    const [first = []] = answers;
    callback(null, answers.length > 1 ? (answers.shift() ?? []) : first);
  },
}));

/** Stands for a public address; its neighbours are as private as they are. */
const OPEN: dns.LookupAddress = { address: '127.0.0.1', family: 4 };
const PRIVATE: dns.LookupAddress = { address: '127.0.0.2', family: 4 };
const rule = new TargetRule([OPEN.address]);

beforeEach(() => {
  answers.length = 0;
  questions.length = 0;
});

async function send(port: number, host = 'hooks.example') {
  return await attempt(
    {
      url: `http://${host}:${port}/`,
      headers: {},
      body: '{}',
      signal: new AbortController().signal,
    },
    rule,
  );
}

test('[WEBHOOK-16] a name that turns to a private address is refused at the attempt that finds it', async () => {
  const receiver = await aReceiver();
  await receiver.up('0.0.0.0');
  answers.push([OPEN], [PRIVATE]);
  expect(await send(receiver.port)).toMatchObject({ kind: 'delivered', status: 204 });
  const refused = await send(receiver.port);
  expect(refused).toMatchObject({ kind: 'unreachable', status: null });
  expect(refused.detail).toMatch(/has no public address/);
  expect(receiver.received).toHaveLength(1);
});

test('[WEBHOOK-16] a name is asked for once: what was judged is what is called', async () => {
  const receiver = await aReceiver();
  await receiver.up('0.0.0.0');
  answers.push([OPEN], [PRIVATE], [PRIVATE]);
  expect(await send(receiver.port)).toMatchObject({ kind: 'delivered' });
  expect(questions).toEqual(['hooks.example']);
});

test('[WEBHOOK-16] of several addresses the private ones are never called', async () => {
  const receiver = await aReceiver();
  await receiver.up('127.0.0.2');
  answers.push([PRIVATE, OPEN]);
  expect(await send(receiver.port)).toMatchObject({ kind: 'unreachable' });
  expect(receiver.received).toEqual([]);
  await receiver.down();
  await receiver.up('127.0.0.1');
  expect(await send(receiver.port)).toMatchObject({ kind: 'delivered' });
});

test('[WEBHOOK-16] a name that has no address is said to have none', async () => {
  expect(await send(9, 'unknown.example')).toMatchObject({
    kind: 'unreachable',
    detail: 'The name has no address (DNS).',
  });
});
