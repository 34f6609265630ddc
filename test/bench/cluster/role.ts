import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface RoleSetup {
  /** As reports call it: `node 2`. */
  readonly name: string;
  readonly command: readonly [file: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const STOP_MS = 10_000;
/** As Docker waits with `restart: always`. */
const RESTART_MS = 100;
const OUTPUT_KEPT = 20_000;
const running = new Set<Role>();

/**
 * One part of a cluster: a process with all its children, which can be killed, stopped and begun anew.
 * One that ends by itself is started again.
 */
export class Role {
  readonly name: string;
  readonly #setup: RoleSetup;
  #child: ChildProcess | null = null;
  #output = '';
  #starts = 0;
  #isStopped = false;
  /** Whether its end is nobody's wish. */
  #isWanted = false;

  constructor(setup: RoleSetup) {
    this.name = setup.name;
    this.#setup = setup;
  }

  /** Of the present process; 0 while there is none. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child !== null && !this.#isStopped;
  }

  get starts(): number {
    return this.#starts;
  }

  /** The last that it printed, over all its starts. */
  get output(): string {
    return this.#output;
  }

  /** Begins it, in a process group of its own; ignored while it runs. */
  start(): void {
    if (this.#child !== null) return;
    this.#isWanted = true;
    const [file, ...args] = this.#setup.command;
    const child = spawn(file, args, {
      env: { ...process.env, ...this.#setup.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.on('error', (error) => (this.#output += String(error)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-OUTPUT_KEPT);
      });
    }
    child.once('exit', () => {
      if (this.#child === child) this.#child = null;
      running.delete(this);
      setTimeout(() => {
        if (this.#isWanted) this.start();
      }, RESTART_MS);
    });
    this.#child = child;
    this.#isStopped = false;
    this.#starts += 1;
    running.add(this);
  }

  /** Kills it and its children with SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#isWanted = false;
    const child = this.#child;
    if (child === null) return;
    const ended = once(child, 'exit');
    this.signal('SIGKILL');
    await ended;
  }

  /** SIGSTOP: it takes connections and answers nothing. */
  stop(): void {
    this.#isStopped = true;
    this.signal('SIGSTOP');
  }

  /** SIGCONT. */
  resume(): void {
    this.#isStopped = false;
    this.signal('SIGCONT');
  }

  /** Asks it to end by SIGTERM, as a rolling restart does; resolves when it is gone. */
  async leave(): Promise<void> {
    this.#isWanted = false;
    const child = this.#child;
    if (child === null) return;
    this.resume();
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_MS);
    const ended = once(child, 'exit');
    // Its children are its own to end.
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    await this.leave();
  }

  /** To it and its children. */
  signal(name: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // it is gone
    }
  }
}

/** Groups of their own outlive this process, unless they are ended with it. */
process.on('exit', () => {
  for (const role of running) role.signal('SIGKILL');
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => process.exit(130));
}
