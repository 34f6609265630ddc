import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../wait-for.ts';

/**
 * Debian's Redis on loopback, that begins with nothing. `npm run test:setup` installs it.
 * Its folder is its own: a dump that lies where it starts is read, and a replica leaves one.
 */
export class RedisServer {
  readonly port: number;
  #child: ChildProcess | null = null;
  #folder = '';

  constructor(port: number) {
    this.port = port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Resolves when it answers. */
  async start(more: readonly string[] = []): Promise<void> {
    const words = ['--port', String(this.port), '--bind', '127.0.0.1'];
    this.#folder = mkdtempSync(join(tmpdir(), 'pixelcast-redis-'));
    const still = ['--dir', this.#folder, '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', [...words, ...still, ...more], { stdio: 'ignore' });
    child.on('error', () => undefined);
    this.#child = child;
    await waitFor(() => answers(this.port), { timeoutMs: 20_000, what: 'redis-server to answer' });
  }

  /** Ends it and all that it knows. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child !== null && child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    if (this.#folder !== '') rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = '';
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
