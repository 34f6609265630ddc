import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../wait-for.ts';

/** As npm's scripts have it. */
const IMPORT = ['--import', new URL('../../../gateway/check-node.js', import.meta.url).href];
const MAIN = fileURLToPath(new URL('../../../host-publisher/main.ts', import.meta.url));
/** Small and slow: these tests share a machine. Always on, and by its own publisher, unless told otherwise. */
const SMALL = {
  CS_WIDTH: '640',
  CS_HEIGHT: '360',
  CS_FPS: '15',
  CS_BITRATE_KBPS: '600',
  CS_ON_DEMAND: 'off',
  CS_PUBLISHER: 'native',
};

/** The host-publisher as users start it. */
export class HostProcess {
  readonly #child: ChildProcess;
  #output = '';

  constructor(argv: readonly string[], settings: Readonly<Record<string, string>> = {}) {
    const { PATH, HOME, XDG_CACHE_HOME = '' } = process.env;
    this.#child = spawn(process.execPath, [...IMPORT, MAIN, ...argv], {
      env: { PATH, HOME, XDG_CACHE_HOME, ...SMALL, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it printed so far, both streams. */
  get output(): string {
    return this.#output;
  }

  get mediaPid(): number | undefined {
    return childrenOf(this.pid)[0];
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until it says that it publishes. */
  async live(): Promise<void> {
    await waitFor(
      () => {
        if (this.#child.exitCode !== null) throw new Error(this.output);
        return this.output.includes('Publishing ');
      },
      { timeoutMs: 15_000, what: `the host to publish; it said: ${this.output}` },
    );
  }

  /** Its exit code, once it has ended. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'exit');
    }
    return this.#child.exitCode;
  }

  /** Stops it as Ctrl+C does. */
  async close(): Promise<number | null> {
    this.kill('SIGINT');
    return this.ended();
  }
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== 'Z';
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => Number(statOf(candidate)?.[1]) === pid);
}

function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
