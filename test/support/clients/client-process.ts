import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A client that runs as a program. */
export class ClientProcess {
  readonly #child: ChildProcess;
  readonly #output: string[] = [];
  readonly #closed: Promise<unknown>;

  constructor(
    command: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ) {
    this.#child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#output.push(text));
    }
    this.#closed = once(this.#child, 'close');
  }

  /** What it printed so far. */
  get output(): string {
    return this.#output.join('');
  }

  /** Whether it has ended by itself. */
  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves with its exit code when it ends by itself. */
  async exit(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  /** Asks it to end as a person would, and waits; `kill` after five seconds. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.ended) this.#child.kill(signal);
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await this.#closed;
    clearTimeout(killer);
    return this.#child.exitCode;
  }
}
