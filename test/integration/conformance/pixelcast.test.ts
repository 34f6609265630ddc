import { afterAll, beforeAll, expect, test } from 'vitest';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { run } from '../../conformance/run.ts';

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
});

afterAll(() => gateway.close());

test('PixelCast keeps every rule, its own included', { timeout: 300_000 }, async () => {
  const token = gateway.token({ sub: 'checker', room: 'demo', can: ['publish', 'watch'] });
  const printed: string[] = [];
  const code = await run([`${gateway.url}/whip/demo`, '--token', token, '--policy'], {
    out: (text) => printed.push(text),
    err: () => undefined,
  });
  const table = printed.join('');
  expect(table.split('\n').filter((line) => line.includes(' FAIL '))).toEqual([]);
  expect(code).toBe(0);
});
