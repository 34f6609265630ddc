import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../wait-for.ts';

const MAIN = fileURLToPath(new URL('../../../srs/embedded/main.ts', import.meta.url));

export interface EngineReady {
  readonly type: 'ready';
  readonly apiUrl: string;
  readonly mediaPort: number;
  readonly pid: number;
  readonly serviceId: string;
}

type EngineMessage = EngineReady | { readonly type: 'down'; readonly reason: string };

/** The engine as the gateway starts it: its supervisor forked with an IPC channel. */
export class EngineProcess {
  readonly supervisor: ChildProcess;
  readonly messages: EngineMessage[] = [];
  /** Everything printed, for failures and for what a person would read. */
  output = '';

  private constructor(supervisor: ChildProcess) {
    this.supervisor = supervisor;
    supervisor.on('message', (message) => this.messages.push(message as EngineMessage));
    for (const stream of [supervisor.stdout, supervisor.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    }
  }

  /** Ports are free ones and all addresses loopback unless set otherwise. */
  static spawn(settings: Readonly<Record<string, string>> = {}): EngineProcess {
    const env = {
      PATH: process.env['PATH'],
      ENGINE_API_PORT: '0',
      MEDIA_PORT: '0',
      MEDIA_BIND: '127.0.0.1',
      MEDIA_CANDIDATE: '127.0.0.1',
      LOG_LEVEL: 'warn',
      ...settings,
    };
    return new EngineProcess(
      fork(MAIN, [], { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }),
    );
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<EngineProcess> {
    const engine = EngineProcess.spawn(settings);
    await engine.ready(1);
    return engine;
  }

  /** The n-th time that it said it was ready. */
  async ready(nth: number, timeoutMs = 45_000): Promise<EngineReady> {
    return await waitFor(
      () => this.messages.filter((message) => message.type === 'ready')[nth - 1],
      {
        timeoutMs,
        everyMs: 5,
        what: `start ${nth} of the engine; it printed: ${this.output}`,
      },
    );
  }

  /** The latest start. */
  get current(): EngineReady {
    const ready = this.messages.findLast((message) => message.type === 'ready');
    if (ready === undefined) throw new Error('the engine was never ready');
    return ready;
  }

  get starts(): number {
    return this.messages.filter((message) => message.type === 'ready').length;
  }

  async stop(): Promise<number | null> {
    const { exitCode, signalCode } = this.supervisor;
    if (exitCode !== null || signalCode !== null) return exitCode;
    this.supervisor.kill('SIGTERM');
    await once(this.supervisor, 'exit');
    return this.supervisor.exitCode;
  }
}
