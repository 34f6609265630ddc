import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Agent } from '../../../host-publisher/agent.ts';
import { IceServers } from '../../../host-publisher/gateway/ice-servers.ts';
import type { IceServer } from '../../../host-publisher/media/plan.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { aFolder, startGateway } from '../../support/gateway/start-gateway.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { freeTcpPort } from '../../support/net/free-port.ts';
import { waitFor } from '../../support/wait-for.ts';

const TURN = { username: 'u', credential: 'p' };
const FROM_GATEWAY = [
  { url: 'stun:stun.example.org' },
  { url: 'turn:turn.example.org:3478', ...TURN },
  { url: 'turn:turn.example.org:3478?transport=tcp', ...TURN },
];
const REPEATING = fileURLToPath(new URL('../../support/host/repeating-child.ts', import.meta.url));

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await waitFor(() => server.listening, { what: 'the server' });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/ice-servers`;
};
const ask = (url: string) => new IceServers({ url, token: () => 'a.b.c' });

describe('ICE servers of the gateway', () => {
  it('come one address each, and are asked for once by many', async () => {
    const file = join(aFolder(), 'ice.json');
    const servers = [
      { urls: 'stun:stun.example.org' },
      { urls: FROM_GATEWAY.slice(1).map(({ url }) => url), ...TURN },
    ];
    writeFileSync(file, JSON.stringify(servers));
    const { gateway } = await startGateway({ env: { ICE_SERVERS_FILE: file } });
    const iceServers = new IceServers({
      url: `${gateway.url}/api/v1/ice-servers`,
      token: () => aToken(),
    });
    const [first, second] = await Promise.all([iceServers.current(), iceServers.current()]);
    expect(first).toEqual(FROM_GATEWAY);
    expect(second).toEqual(FROM_GATEWAY);
    expect(await planned(iceServers, [])).toEqual(FROM_GATEWAY);
  });

  it('are not asked for where the plan has its own', async () => {
    let requests = 0;
    const iceServers = ask(await serve(() => void (requests += 1)));
    const own = [{ url: 'stun:own.example.org' }];
    expect(await planned(iceServers, own)).toEqual(own);
    expect(requests).toBe(0);
  });

  it.each<[string, RequestListener]>([
    ['nobody answers', () => undefined],
    ['it refuses', (_, response) => response.writeHead(401).end('{}')],
    ['it says nonsense', (_, response) => response.end('[')],
  ])('hold nothing up when %s', async (_, listener) => {
    const iceServers = ask(await serve(listener));
    expect(await iceServers.current()).toEqual([]);
  });

  it('are asked for again after a failure', async () => {
    let isUp = false;
    const url = await serve((_, response) => {
      if (isUp) response.end(JSON.stringify({ iceServers: [{ urls: ['stun:x.example.org'] }] }));
      else response.writeHead(503).end();
    });
    const iceServers = ask(url);
    expect(await iceServers.current()).toEqual([]);
    isUp = true;
    expect(await iceServers.current()).toEqual([{ url: 'stun:x.example.org' }]);
  });
});

/** What a media process gets to know. */
async function planned(iceServers: IceServers, own: IceServer[]): Promise<unknown> {
  const lines: string[] = [];
  const agent = new Agent({
    plan: aPlan({ iceServers: own }),
    endpoint: { url: `http://127.0.0.1:${await freeTcpPort()}/whip/demo`, token: () => 'a.b.c' },
    iceServers,
    childPath: REPEATING,
    say: (line) => void lines.push(line),
  });
  const ended = agent.run();
  const line = await waitFor(() => lines[0], { what: 'the plan' });
  agent.stop();
  await ended;
  return JSON.parse(line);
}
