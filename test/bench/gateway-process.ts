import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import jwt from 'jsonwebtoken';
import { freeTcpPort } from '../support/net/free-port.ts';
import { waitFor } from '../support/wait-for.ts';
import { canPin } from './media-server.ts';

export type TokenAction = 'publish' | 'watch' | 'control' | 'host' | 'admin';

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  /** A token that is good for ten minutes. */
  mint(room: string, can: readonly TokenAction[], sub?: string): string;
  close(): Promise<void>;
}

/** Where a gateway will listen and what its hooks carry: its nodes must know before it starts. */
export interface GatewayPlace {
  readonly port: number;
  /** Base URL for SRS's hooks, the event's name is still to be put in. */
  readonly hooksUrl: string;
}

export interface GatewayOptions {
  readonly nodeUrls: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** With the limits that it has by default; else without any. */
  readonly limited?: boolean;
}

/** The gateway's module. */
export const GATEWAY = fileURLToPath(new URL('../../gateway/main.ts', import.meta.url));
export const HOOK_SECRET = 'bench-hook-secret-of-loopback';
const JWT_SECRET = 'bench-jwt-secret-of-loopback-that-is-long-enough';

/** For benchmarks of something else than the limits. */
const WITHOUT_LIMITS = {
  RATE_LIMIT_PER_MINUTE: '10000000',
  FAILED_LOGINS_PER_MINUTE: '10000000',
  ROOM_OFFERS_PER_MINUTE: '10000000',
  SUBJECT_OFFERS_PER_MINUTE: '10000000',
  SUBJECT_PUBLISHES_PER_MINUTE: '10000000',
  MAX_HALF_OPEN_PUBLISHES: '100000',
  MAX_SESSIONS: '100000',
  MAX_SESSIONS_PER_ROOM: '100000',
  MAX_SESSIONS_PER_SUBJECT: '100000',
  MAX_VIEWERS_PER_ROOM: '100000',
};

/** A free port, or the given one for nodes that run already. */
export async function findGatewayPlace(wishedPort?: number): Promise<GatewayPlace> {
  const port = wishedPort ?? (await freeTcpPort());
  return { port, hooksUrl: `http://127.0.0.1:${port}/api/srs?secret=${HOOK_SECRET}` };
}

/** Starts a gateway in front of the nodes; resolves when it is ready for sessions. */
export async function startGateway(
  place: GatewayPlace,
  options: GatewayOptions & { readonly cpu?: number; readonly niceness?: number },
): Promise<GatewayProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-gateway-'));
  const { cpu, niceness = 0 } = options;
  const pin = cpu === undefined || !canPin() ? [] : ['taskset', '-c', String(cpu)];
  const nice = niceness === 0 ? [] : ['nice', '-n', String(niceness)];
  const command = [...pin, ...nice, process.execPath, GATEWAY];
  const child = spawn(command[0] ?? process.execPath, command.slice(1), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...gatewaySettings(place, dataDir, options) },
  });
  const url = `http://127.0.0.1:${place.port}`;
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    }
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await waitFor(async () => (await fetch(`${url}/readyz`)).ok, {
      what: 'the gateway to be ready',
      timeoutMs: 15_000,
      everyMs: 50,
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { url, pid: child.pid ?? 0, mint, close };
}

/** The environment of a gateway whose tokens are minted here. */
export function gatewaySettings(
  place: GatewayPlace,
  dataDir: string,
  options: GatewayOptions,
): Readonly<Record<string, string>> {
  return {
    HOST: '127.0.0.1',
    PORT: String(place.port),
    DATA_DIR: dataDir,
    JWT_SECRET,
    HOOK_SECRET,
    SRS_NODES: options.nodeUrls.join(','),
    ...(options.limited === true ? {} : WITHOUT_LIMITS),
    LOG_LEVEL: 'warn',
    ...options.env,
  };
}

/** A token of a gateway with `gatewaySettings`. */
export function mint(
  room: string,
  can: readonly TokenAction[],
  sub = 'bench',
  seconds = 600,
): string {
  const jti = crypto.randomUUID();
  return jwt.sign({ sub, room, can, jti }, JWT_SECRET, {
    algorithm: 'HS256',
    expiresIn: seconds,
  });
}
