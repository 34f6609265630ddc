import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { EngineProcess } from '../support/contract/engine-process.ts';
import { callSrs } from '../support/contract/srs-http.ts';
import { waitFor } from '../support/wait-for.ts';

const RESPAWN_LIMIT_MS = 10_000;

async function startEngine(settings: Record<string, string> = {}): Promise<EngineProcess> {
  const engine = await EngineProcess.start(settings);
  onTestFinished(async () => {
    await engine.stop();
  });
  return engine;
}

const serviceOf = async (engine: EngineProcess): Promise<string> => {
  const { body } = await callSrs(engine.current.apiUrl, '/api/v1/versions');
  return (JSON.parse(body) as { service: string }).service;
};

test('[ENG-1] a killed engine answers again, on the same ports, as a new service', async () => {
  const engine = await startEngine();
  const before = engine.current;
  expect(await serviceOf(engine)).toBe(before.serviceId);
  process.kill(before.pid, 'SIGKILL');
  const after = await engine.ready(2, RESPAWN_LIMIT_MS);
  expect(await serviceOf(engine)).toBe(after.serviceId);
  expect(after.serviceId).not.toBe(before.serviceId);
  expect(after).toMatchObject({ apiUrl: before.apiUrl, mediaPort: before.mediaPort });
  expect(engine.messages.map((message) => message.type)).toEqual(['ready', 'down', 'ready']);
});

test('[ENG-2] an engine that hangs is killed by the watchdog and replaced', async () => {
  const engine = await startEngine();
  const before = engine.current;
  process.kill(before.pid, 'SIGSTOP');
  const after = await engine.ready(2);
  expect(after.pid).not.toBe(before.pid);
  expect(engine.messages[1]).toEqual({ type: 'down', reason: 'no answer to pings' });
});

test('[ENG-3] repeated crashes are slowed down, but never given up', async () => {
  const engine = await startEngine();
  for (let crash = 1; crash <= 3; crash++) {
    process.kill(engine.current.pid, 'SIGKILL');
    await engine.ready(crash + 1);
  }
  expect(engine.starts).toBe(4);
});

test('[ENG-4] a UDP port in use at the first start: exit 1, and what to change', async () => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const port = socket.address().port;
  const engine = EngineProcess.spawn({ MEDIA_PORT: String(port) });
  const [code] = (await once(engine.supervisor, 'exit')) as [number];
  expect(code).toBe(1);
  expect(engine.output).toContain(`UDP port ${port} is in use`);
  expect(engine.output).toContain('set MEDIA_PORT');
});

test('[ENG-4] a TCP port in use at the first start: exit 1, and what to change', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const engine = EngineProcess.spawn({ ENGINE_API_PORT: String(port) });
  const [code] = (await once(engine.supervisor, 'exit')) as [number];
  expect(code).toBe(1);
  expect(engine.output).toContain(`TCP port ${port} is in use`);
  expect(engine.output).toContain('set ENGINE_API_PORT');
});

test('[ENG-5] wrong settings: exit 1 with all of them, and no secret', async () => {
  const engine = EngineProcess.spawn({
    MEDIA_PORT: '70000',
    ENGINE_COMPAT: '8',
    ENGINE_HOOKS_URL: 'ftp://x/?secret=hidden1',
    ENGINE_API_PASSWORD: 'hidden2',
  });
  const [code] = (await once(engine.supervisor, 'exit')) as [number];
  expect(code).toBe(1);
  for (const setting of ['MEDIA_PORT', 'ENGINE_COMPAT', 'ENGINE_HOOKS_URL', 'ENGINE_API_USER']) {
    expect(engine.output).toContain(setting);
  }
  expect(engine.output).not.toContain('hidden');
});

test('[ENG-6] the engine ends with its supervisor, and both with the parent’s channel', async () => {
  const engine = await startEngine();
  const { pid } = engine.current;
  engine.supervisor.disconnect();
  await once(engine.supervisor, 'exit');
  await waitFor(() => !isRunning(pid), { what: 'the end of the engine process' });

  const orphan = await startEngine();
  orphan.supervisor.kill('SIGKILL');
  await waitFor(() => !isRunning(orphan.current.pid), { what: 'the end of the orphan' });
});

test('[ENG-7] SIGTERM ends it cleanly', async () => {
  const engine = await startEngine();
  const { pid } = engine.current;
  expect(await engine.stop()).toBe(0);
  expect(isRunning(pid)).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
