import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../conformance/run.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { status, replies } from './model/flaw-parts.ts';
import { ModelServer, type ModelOptions } from './model/model-server.ts';
import { TOKEN } from './model/room.ts';

async function command(model: ModelOptions, ...args: readonly string[]) {
  const server = await ModelServer.start(model);
  onTestFinished(() => server.close());
  const printed = { out: '', err: '' };
  const paths = args.map((arg) => arg.replace(/^\/(?=whip|whep|nothing)/, `${server.url}/`));
  const code = await run([...paths, '--token', TOKEN, '--no-media', '--pace', '1'], {
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
  });
  return { code, url: server.url, ...printed };
}

test('both endpoints are found by the URL of one, and 0 says that no MUST fails', async () => {
  const { code, url, out } = await command({}, '/whep/room', '--only', 'WHIP-0*,WHEP-01');
  expect(out).toContain(`WHIP ${url}/whip/room\nWHEP ${url}/whep/room\n`);
  expect(out).toMatch(/^WHIP-01 +MUST +pass /m);
  expect(out).toContain('Conforms: no binding rule fails.');
  expect(code).toBe(0);
});

test('1 says that a MUST fails, and the table says what was seen', async () => {
  const flaw = replies({ at: 'whip', method: 'POST', status: 201 }, status(200));
  const { code, out } = await command({ flaw }, '/whip/room', '--only', 'WHIP-01');
  expect(out).toMatch(/^WHIP-01 +MUST +FAIL .*\n +- POST was answered 200, 201 wanted$/m);
  expect(code).toBe(1);
});

test("PixelCast's own rules bind with --policy alone", async () => {
  const flaw = replies({ at: 'session', method: 'DELETE', status: 200 }, status(204));
  const args = ['/whip/room', '--only', 'WHIP-30'];
  expect((await command({ flaw }, ...args)).code).toBe(0);
  expect((await command({ flaw }, ...args, '--policy')).code).toBe(1);
});

test('--json writes a file', async () => {
  const file = join(aFolder(), 'report.json');
  const { url } = await command({}, '/whip/room', '/whep/room', '--only', 'CORS', '--json', file);
  const report = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect(report).toMatchObject({ whip: `${url}/whip/room`, conforms: true });
  expect(report['results']).toHaveLength(10);
});

test('2 says wrong usage, an address where nothing is, or no server at all', async () => {
  expect((await command({}, '--only', 'WHIP')).code).toBe(2);
  const elsewhere = await command({}, '/nothing/here');
  expect(elsewhere.code).toBe(2);
  expect(elsewhere.err).toContain('neither WHIP nor WHEP');
  const nobody = await command({}, 'http://127.0.0.1:1/whip/room');
  expect(nobody.code).toBe(2);
  expect(nobody.err).toContain('no HTTP answer');
});

test('no session is left behind', async () => {
  const server = await ModelServer.start();
  onTestFinished(() => server.close());
  const quiet = { out: () => undefined, err: () => undefined };
  const args = [`${server.url}/whip/room`, '--token', TOKEN, '--no-media', '--pace', '1'];
  expect(await run(args, quiet)).toBe(0);
  expect([server.room.published, server.room.viewers]).toEqual([null, 0]);
});
