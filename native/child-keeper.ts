import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { CHILD_FLAGS } from './child-memory.ts';
import { HEALTHY_MS, restartDelayMs } from './restart-delay.ts';

const PING_MS = 1_000;
/** A child that left this many pings unanswered hangs. */
const SILENT_PINGS = 3;
const STOP_DEADLINE_MS = 2_000;

/** To every child; `ping` wants a `pong`. */
export type KeeperMessage = { readonly type: 'ping' } | { readonly type: 'stop' };

/** From every child. `unable`: a start with these settings cannot succeed now. */
export type KeptMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'unable'; readonly reason: string }
  | { readonly type: 'pong' };

/** How a child ended. */
export interface ChildEnd {
  readonly reason: string;
  /** It had said that it is ready. */
  readonly wasReady: boolean;
  /** It had said that it cannot start. */
  readonly wasUnable: boolean;
  /** Ends without ten seconds of health between them. */
  readonly failuresInARow: number;
  /** After which it is started again. */
  readonly delayMs: number;
}

export interface KeeperParts<To, From> {
  /** The module that the child runs. */
  readonly childPath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Said first to each new child. */
  readonly greeting: () => To;
  /** All that a child says but its pongs. */
  readonly onMessage: (message: From, pid: number) => void;
  /** It ended without being told to; false: it is not started again. */
  readonly onEnd: (end: ChildEnd) => boolean;
  readonly onError: (error: Error) => void;
}

interface Run {
  readonly process: ChildProcess;
  readonly startedAt: number;
  readonly pinging: NodeJS.Timeout;
  unansweredPings: number;
  ready: boolean;
  unable: boolean;
  /** What the child said, or what was done to it, before it went. */
  reason: string | null;
}

/** Keeps one child process running: starts it, watches it, starts it again with longer pauses. */
export class ChildKeeper<To extends { type: string }, From extends { type: string }> {
  readonly #parts: KeeperParts<To, From>;
  #run: Run | null = null;
  #restarting: NodeJS.Timeout | null = null;
  #failuresInARow = 0;
  #stopped = false;

  constructor(parts: KeeperParts<To, From>) {
    this.#parts = parts;
  }

  /** Whether there is a child, which may not be ready yet. */
  get isRunning(): boolean {
    return this.#run !== null;
  }

  start(): void {
    this.#restarting = null;
    const child = fork(this.#parts.childPath, [], {
      serialization: 'advanced',
      execArgv: CHILD_FLAGS,
      env: this.#parts.environment,
    });
    const run: Run = {
      process: child,
      startedAt: performance.now(),
      pinging: setInterval(() => this.#watch(run), PING_MS),
      unansweredPings: 0,
      ready: false,
      unable: false,
      reason: null,
    };
    this.#run = run;
    child.on('message', (message) => this.#hear(run, message as KeptMessage | From));
    child.once('exit', (code, signal) => this.#ended(run, signal ?? `exit code ${code}`));
    child.on('error', (error) => this.#parts.onError(error));
    tell(run, this.#parts.greeting());
  }

  /** Says something to the child that runs; dropped while there is none. */
  send(message: To): void {
    if (this.#run !== null) tell(this.#run, message);
  }

  /** Ends the child, by force if it does not go by itself; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#restarting !== null) clearTimeout(this.#restarting);
    const run = this.#run;
    if (run === null) return;
    const gone = once(run.process, 'exit');
    tell(run, { type: 'stop' });
    const deadline = setTimeout(() => run.process.kill('SIGKILL'), STOP_DEADLINE_MS);
    await gone;
    clearTimeout(deadline);
  }

  #hear(run: Run, message: KeptMessage | From): void {
    run.unansweredPings = 0;
    if (message.type === 'pong') return;
    if (message.type === 'ready') run.ready = true;
    if (message.type === 'unable' && 'reason' in message) {
      run.unable = true;
      run.reason = message.reason;
    }
    this.#parts.onMessage(message as From, run.process.pid ?? 0);
  }

  #watch(run: Run): void {
    if (run.unansweredPings >= SILENT_PINGS) {
      run.reason = 'no answer to pings';
      run.process.kill('SIGKILL');
      return;
    }
    run.unansweredPings += 1;
    tell(run, { type: 'ping' });
  }

  #ended(run: Run, how: string): void {
    clearInterval(run.pinging);
    this.#run = null;
    if (this.#stopped) return;
    const healthy = performance.now() - run.startedAt >= HEALTHY_MS;
    this.#failuresInARow = healthy ? 1 : this.#failuresInARow + 1;
    const delayMs = restartDelayMs(this.#failuresInARow);
    const goesOn = this.#parts.onEnd({
      reason: run.reason ?? how,
      wasReady: run.ready,
      wasUnable: run.unable,
      failuresInARow: this.#failuresInARow,
      delayMs,
    });
    if (goesOn) this.#restarting = setTimeout(() => this.start(), delayMs);
    else this.#stopped = true;
  }
}

function tell(run: Run, message: { type: string }): void {
  // A channel that has just closed is noticed by the exit that follows.
  if (run.process.connected) run.process.send(message, () => undefined);
}
