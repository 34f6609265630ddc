import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../conformance/run.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { ORIGIN } from './check-model.ts';

const ICE_SERVERS = [
  { urls: 'stun:stun.example' },
  { urls: 'turn:turn.example:3478?transport=udp', username: 'u', credential: 'c' },
];

/** The table that is printed for a gateway over the embedded engine. */
async function check(settings: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const gateway = await GatewayProcess.start(settings);
  onTestFinished(() => gateway.close().then(() => undefined));
  const token = gateway.token({ sub: 'checker', room: 'demo', can: ['publish', 'watch'] });
  const printed: string[] = [];
  const code = await run([`${gateway.url}/whip/demo`, '--token', token, '--policy', ...args], {
    out: (text) => printed.push(text),
    err: () => undefined,
  });
  const lines = printed.join('').split('\n');
  expect(lines.filter((line) => line.includes(' FAIL '))).toEqual([]);
  expect(code).toBe(0);
  return lines;
}

test('PixelCast keeps every rule, its own included', { timeout: 300_000 }, async () => {
  await check({});
});

test('with ICE servers and one web origin it keeps the rules about those', async () => {
  const file = join(aFolder(), 'ice-servers.json');
  writeFileSync(file, JSON.stringify(ICE_SERVERS));
  const settings = {
    ICE_SERVERS_FILE: file,
    CORS_ORIGINS: ORIGIN,
    PRIVATE_NETWORK_ACCESS: 'true',
  };
  const only = 'CORS,WHIP-21,WHIP-6*,WHEP-18,WHEP-20';
  const lines = await check(settings, '--only', only, '--no-media', '--origin', ORIGIN);
  for (const id of ['WHIP-64', 'WHIP-65', 'WHIP-66', 'WHEP-18', 'CORS-07', 'CORS-10']) {
    expect(lines.filter((line) => line.startsWith(id))).toEqual([expect.stringMatching(/ pass /)]);
  }
});
