import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { freeTcpPort } from '../net/free-port.ts';
import { waitFor } from '../wait-for.ts';
import { startFakeSrs } from './fake-srs.ts';
import { anEnvironment } from './start-gateway.ts';

const MAIN = fileURLToPath(new URL('../../../gateway/main.ts', import.meta.url));

/** A gateway as a process of its own, that can be killed and started again at its address. */
export class SignalGateway {
  readonly url: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #output: string[] = [];
  #child: ChildProcess | null = null;

  constructor(url: string, env: Readonly<Record<string, string>>) {
    this.url = url;
    this.#env = env;
  }

  /** All that it logged. */
  get output(): string {
    return this.#output.join('');
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const child = fork(MAIN, [], {
      env: { PATH: process.env['PATH'] ?? '', ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#output.push(text));
    }
    this.#child = child;
    await waitFor(async () => (await fetch(`${this.url}/healthz`)).ok, {
      timeoutMs: 60_000,
      what: 'the gateway to serve',
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Asks it to stop; resolves with its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill('SIGTERM');
    const [code] = await ended;
    return code;
  }

  /** It answers nothing any more, and its connections stand. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** One of its figures; undefined where it has none so named. */
  async metric(line: string): Promise<number | undefined> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const found = text.split('\n').find((each) => each.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.slice(line.length));
  }
}

/** A gateway process that ends after the test; `REDIS_URL` among the settings, where it has one. */
export async function aSignalGateway(
  settings: Readonly<Record<string, string>>,
): Promise<SignalGateway> {
  const srs = await startFakeSrs();
  const port = await freeTcpPort();
  const env = anEnvironment({ PORT: String(port), SRS_NODES: srs.url, ...settings });
  const gateway = new SignalGateway(`http://127.0.0.1:${port}`, { ...env, LOG_FORMAT: 'json' });
  onTestFinished(() => gateway.kill());
  await gateway.start();
  return gateway;
}

/** Two gateways that share a Redis, which both have found. */
export async function twoGateways(redisUrl: string): Promise<[SignalGateway, SignalGateway]> {
  const settings = { REDIS_URL: redisUrl };
  const [one, two] = await Promise.all([aSignalGateway(settings), aSignalGateway(settings)]);
  await Promise.all([isLinked(one), isLinked(two)]);
  return [one, two];
}

/** Resolves once a gateway has found its Redis. */
export const isLinked = (gateway: SignalGateway): Promise<true> =>
  waitFor(async () => (await gateway.metric('pixelcast_signal_redis_connected')) === 1, {
    timeoutMs: 20_000,
    what: 'the gateway to find Redis',
  });
