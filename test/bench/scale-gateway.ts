import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findGatewayPlace, gatewaySettings } from './gateway-process.ts';
import { startStubNode } from './stub-node.ts';

const MAIN = fileURLToPath(new URL('scale-gateway-main.ts', import.meta.url));

/** More rooms, each with so many sessions. */
export interface FillOrder {
  readonly rooms: number;
  readonly sessionsPerRoom: number;
}

export interface ScaleGateway {
  readonly url: string;
  readonly pid: number;
  fill(order: FillOrder): Promise<void>;
  close(): Promise<void>;
}

/** A gateway process in front of a stub of SRS. */
export async function startScaleGateway(): Promise<ScaleGateway> {
  const place = await findGatewayPlace();
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-scale-'));
  const node = await startStubNode(place.hooksUrl, 0);
  const child = fork(MAIN, [], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...gatewaySettings(place, dataDir, { nodeUrls: [node.url] }) },
  });
  const [{ url, pid }] = (await once(child, 'message')) as [{ url: string; pid: number }];
  return {
    url,
    pid,
    fill: async (order) => {
      const done = once(child, 'message');
      child.send(order);
      await done;
    },
    close: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
      await node.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
