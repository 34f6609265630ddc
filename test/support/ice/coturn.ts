import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { probe } from '../../../gateway/ice/probe/probe.ts';
import { freeTcpPort } from '../net/free-port.ts';
import { waitFor } from '../wait-for.ts';

const SCRIPT = fileURLToPath(
  new URL('../../../gateway/ice/coturn/start-coturn.sh', import.meta.url),
);

/** Debian's coturn as it is shipped with the gateway, on loopback unless `TURN_LISTEN` says where. */
export class Coturn {
  static readonly SECRET = 'a-secret-that-coturn-knows';
  readonly port: number;
  readonly tlsPort: number;
  readonly #host: string;
  readonly #child: ChildProcess;
  readonly #output: string[];

  private constructor(parts: {
    port: number;
    tlsPort: number;
    host: string;
    child: ChildProcess;
    output: string[];
  }) {
    this.port = parts.port;
    this.tlsPort = parts.tlsPort;
    this.#host = parts.host;
    this.#child = parts.child;
    this.#output = parts.output;
  }

  /** Starts it and waits until it listens; peers on loopback are allowed unless told. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<Coturn> {
    const port = await freeTcpPort();
    const tlsPort = await freeTcpPort();
    const child = spawn(SCRIPT, {
      env: {
        PATH: process.env['PATH'],
        ...{ TURN_SECRET: Coturn.SECRET, TURN_LISTEN: '127.0.0.1', TURN_PEERS: '127.0.0.1' },
        ...{ TURN_PORT: String(port), TURN_TLS_PORT: String(tlsPort), TURN_PORTS: '30100-30299' },
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    }
    const host = settings['TURN_LISTEN'] ?? '127.0.0.1';
    const coturn = new Coturn({ port, tlsPort, host, child, output });
    try {
      await waitFor(
        async () => {
          if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
          return await coturn.#answers();
        },
        { timeoutMs: 20_000, what: 'coturn to listen' },
      );
      return coturn;
    } catch (error) {
      await coturn.close();
      throw new Error(`coturn did not start:\n${coturn.output}`, { cause: error });
    }
  }

  /** What it printed so far. */
  get output(): string {
    return this.#output.join('');
  }

  url(transport: 'udp' | 'tcp'): string {
    return `turn:${this.#host}:${this.port}?transport=${transport}`;
  }

  /** Credentials as the gateway makes them, good until an end in epoch seconds. */
  login(subject: string, end = Math.floor(Date.now() / 1000) + 600, secret = Coturn.SECRET) {
    const username = `${end}:${subject}`;
    const credential = createHmac('sha1', secret).update(username).digest('base64');
    return { username, credential };
  }

  async #answers(): Promise<boolean> {
    const url = `stun:${this.#host}:${this.port}`;
    const closing = new AbortController().signal;
    return (await probe({ url, login: undefined, now: Date.now, closing })).reachable;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}
