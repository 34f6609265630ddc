import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessSetup {
  readonly command: readonly [file: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** From its end to the next start; Docker waits 100 ms with `restart: always`. */
  readonly pauseMs?: number;
}

const STOP_MS = 8_000;

/** A process that is started again whenever it ends, as a container with `restart: always` is. */
export class RestartedProcess {
  readonly #setup: ProcessSetup;
  #child: ChildProcess;
  #closing = false;
  #output = '';
  #starts = 0;
  readonly #ended: Promise<void>;

  constructor(setup: ProcessSetup) {
    this.#setup = setup;
    this.#child = this.#start();
    this.#ended = this.#keepAlive();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What the present one printed so far. */
  get output(): string {
    return this.#output;
  }

  get starts(): number {
    return this.#starts;
  }

  /** Kills the present one with SIGKILL. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Stops it for good, by SIGTERM and after a while by SIGKILL. */
  async close(): Promise<void> {
    this.#closing = true;
    const signalledAtMs = performance.now();
    // It may be between its end and its next start.
    const timer = setInterval(() => {
      const patience = performance.now() - signalledAtMs < STOP_MS;
      this.#child.kill(patience ? 'SIGTERM' : 'SIGKILL');
    }, 250);
    this.#child.kill('SIGTERM');
    await this.#ended;
    clearInterval(timer);
  }

  #start(): ChildProcess {
    const [file, ...args] = this.#setup.command;
    const child = spawn(file, args, {
      env: { ...process.env, ...this.#setup.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#output = '';
    this.#starts += 1;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-20_000);
      });
    }
    return child;
  }

  async #keepAlive(): Promise<void> {
    await once(this.#child, 'exit');
    while (!this.#closing) {
      await delay(this.#setup.pauseMs ?? 100);
      this.#child = this.#start();
      await once(this.#child, 'exit');
    }
  }
}
