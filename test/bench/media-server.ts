import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A server of the SRS contract that a benchmark loads: the embedded engine, or an SRS. */
export interface MediaServer {
  readonly name: string;
  /** `http://127.0.0.1:1985`, without a login. */
  readonly apiUrl: string;
  /** Basic login for paths with `/api/` in them. */
  readonly authorization: string | null;
  readonly mediaPort: number;
  /** Root of its process tree; null when unknown. */
  readonly pid: number | null;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly place?: CpuPlace;
}

/** Where on the machine a process runs. */
export interface CpuPlace {
  /** Core to pin to, where taskset exists. */
  readonly core: number;
  /** Of nice(1): below 0 goes before other processes and takes root; 0 when absent. */
  readonly niceness?: number;
}

const ENGINE = fileURLToPath(new URL('../../srs/embedded/main.ts', import.meta.url));
const READY_MS = 15_000;

/** Starts the embedded engine as a process of its own, on free ports of loopback, without hooks. */
export async function startEngine(options: EngineOptions = {}): Promise<MediaServer> {
  const child = fork(ENGINE, {
    ...placedAt(options.place),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ENGINE_API_PORT: '0',
      MEDIA_PORT: '0',
      MEDIA_BIND: '127.0.0.1',
      LOG_LEVEL: 'warn',
      ENGINE_HOOKS_URL: '',
      ...options.env,
    },
  });
  const { apiUrl, mediaPort, pid } = await readyMessage(child);
  const server = { name: 'engine', apiUrl, authorization: null, mediaPort, pid };
  return { ...server, close: () => end(child) };
}

/** A running SRS: `http://user:password@host:port`, and its process id if it runs here. */
export function runningSrs(url: string, pid: number | null, mediaPort: number): MediaServer {
  const { origin, username, password } = new URL(url);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = username === '' ? null : `Basic ${Buffer.from(login).toString('base64')}`;
  return {
    name: 'SRS',
    apiUrl: origin,
    authorization,
    mediaPort,
    pid,
    close: () => Promise.resolve(),
  };
}

/** Options of `fork` for a process that stays at a place; none where taskset is missing. */
export function placedAt(place: CpuPlace | undefined): ForkOptions {
  if (place === undefined || !canPin()) return {};
  const { core, niceness = 0 } = place;
  const nice = niceness === 0 ? [] : ['nice', '-n', String(niceness)];
  return { execPath: 'taskset', execArgv: ['-c', String(core), ...nice, process.execPath] };
}

/** Whether figures are taken with processes bound to cores. */
export function canPin(): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, 'taskset')));
}

interface Ready {
  readonly apiUrl: string;
  readonly mediaPort: number;
  /** Of the process that does the work, below its supervisor. */
  readonly pid: number;
}

async function readyMessage(child: ChildProcess): Promise<Ready> {
  const { promise, resolve, reject } = Promise.withResolvers<Ready>();
  const timer = setTimeout(() => reject(new Error(`engine not ready in ${READY_MS} ms`)), READY_MS);
  child.once('exit', (code) => reject(new Error(`engine ended with ${String(code)}`)));
  child.on('message', (message) => {
    if (isReady(message)) resolve(message);
  });
  try {
    return await promise;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function isReady(message: unknown): message is Ready {
  if (typeof message !== 'object' || message === null) return false;
  return 'type' in message && message.type === 'ready' && 'apiUrl' in message;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}
