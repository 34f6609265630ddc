import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { waitFor } from '../wait-for.ts';

/** Debian's Redis on loopback, with nothing on disk. `npm run test:setup` installs it. */
export class RedisServer {
  readonly port: number;
  #child: ChildProcess | null = null;

  constructor(port: number) {
    this.port = port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Resolves when it answers. */
  async start(more: readonly string[] = []): Promise<void> {
    const words = ['--port', String(this.port), '--bind', '127.0.0.1'];
    const child = spawn('redis-server', [...words, '--save', '', '--appendonly', 'no', ...more], {
      stdio: 'ignore',
    });
    child.on('error', () => undefined);
    this.#child = child;
    await waitFor(() => answers(this.port), { timeoutMs: 20_000, what: 'redis-server to answer' });
  }

  /** Ends it and all that it knows. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** It answers nothing any more, and its connections stand. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write('PING\r\n');
    const [data] = (await once(socket, 'data')) as [Buffer];
    return data.toString().startsWith('+PONG');
  } finally {
    socket.destroy();
  }
}
