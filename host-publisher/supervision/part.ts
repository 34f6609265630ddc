import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Environment } from '../config/settings.ts';

const STOP_MS = 10_000;

/**
 * A process beside others that one command starts. It is in a process group of its own: Ctrl+C on a
 * terminal reaches the command alone, which ends its parts in order.
 */
export class Part {
  /** Its exit code, or the signal that ended it; fails when it cannot be started. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #process: ChildProcess;

  constructor(options: {
    readonly command: readonly [program: string, ...args: string[]];
    readonly environment: Environment;
    readonly onLine: (line: string) => void;
  }) {
    const [program, ...args] = options.command;
    this.#process = spawn(program, args, {
      env: options.environment,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.ended = once(this.#process, 'exit').then(([code, signal]) => (code ?? signal) as number);
    if (this.#process.stdout !== null) {
      createInterface({ input: this.#process.stdout }).on('line', options.onLine);
    }
  }

  /** Resolves when it is gone; what does not go by itself is killed. */
  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    await this.ended;
    clearTimeout(timer);
  }
}
