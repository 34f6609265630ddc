import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { FromChild, ToChild } from './child-messages.ts';
import { childEnvironment, type EngineConfig } from './config.ts';
import type { Log } from './log.ts';
import { HEALTHY_MS, restartDelayMs } from './restart-delay.ts';

const PING_MS = 1_000;
/** An engine that left this many pings unanswered hangs. */
const SILENT_PINGS = 3;
const STOP_DEADLINE_MS = 2_000;
/** An engine that was never ready is given up after this many starts. */
const FIRST_STARTS = 3;
/**
 * Of 16 MiB in use V8 makes 50 to 150 under joins and leaves, and keeps them: by default its young
 * generation grows threefold, and garbage waits until there is up to four times of what lives.
 */
const CHILD_FLAGS = [
  '--max-semi-space-size=2',
  '--initial-old-space-size=16',
  '--heap-growing-percent=50',
];

export interface ReadyEngine {
  readonly apiUrl: string;
  readonly mediaPort: number;
  readonly pid: number;
  readonly serviceId: string;
}

export interface SupervisorParts {
  readonly config: EngineConfig;
  /** The module that the engine process runs. */
  readonly childPath: string;
  readonly log: Log;
  readonly onReady: (engine: ReadyEngine) => void;
  readonly onDown: (reason: string) => void;
  /** The first start cannot succeed with these settings; nothing is running any more. */
  readonly onUnable: (reason: string) => void;
}

interface Run {
  readonly process: ChildProcess;
  readonly startedAt: number;
  readonly pinging: NodeJS.Timeout;
  unansweredPings: number;
  ready: boolean;
  /** The engine found that it cannot start as it is set. */
  unable: boolean;
  /** What the engine said, or what was done to it, before it went. */
  reason: string | null;
}

/** Keeps one engine process running: starts it, watches it, starts it again on the same ports. */
export class Supervisor {
  readonly #parts: SupervisorParts;
  #config: EngineConfig;
  #run: Run | null = null;
  #restarting: NodeJS.Timeout | null = null;
  #failuresInARow = 0;
  #everReady = false;
  #stopped = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#config = parts.config;
  }

  start(): void {
    this.#restarting = null;
    const child = fork(this.#parts.childPath, [], {
      serialization: 'advanced',
      execArgv: CHILD_FLAGS,
      env: childEnvironment(),
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
    child.on('message', (message) => this.#hear(run, message as FromChild));
    child.once('exit', (code, signal) => this.#ended(run, signal ?? `exit code ${code}`));
    child.on('error', (error) => this.#parts.log.warn({ err: error }, 'engine process error'));
    tell(run, { type: 'start', config: this.#config });
  }

  /** Ends the engine, by force if it does not go by itself; resolves when it is gone. */
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

  #hear(run: Run, message: FromChild): void {
    run.unansweredPings = 0;
    switch (message.type) {
      case 'pong':
        return;
      case 'unable':
        run.unable = true;
        run.reason = message.reason;
        return;
      case 'ready':
        this.#greet(run, message);
        return;
      default:
        message satisfies never;
    }
  }

  #greet(run: Run, { apiPort, mediaPort, serviceId }: FromChild & { type: 'ready' }): void {
    run.ready = true;
    this.#everReady = true;
    // Ports that were "any" are fixed from here on: clients come back to the same place.
    this.#config = { ...this.#config, apiPort, mediaPort };
    const apiUrl = `http://${reachableHost(this.#config.apiHost)}:${apiPort}`;
    const pid = run.process.pid ?? 0;
    this.#parts.log.info({ apiUrl, mediaPort, pid, serviceId }, 'engine ready');
    this.#parts.onReady({ apiUrl, mediaPort, pid, serviceId });
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
    const reason = run.reason ?? how;
    const healthy = performance.now() - run.startedAt >= HEALTHY_MS;
    this.#failuresInARow = healthy ? 1 : this.#failuresInARow + 1;
    if (!this.#everReady && (run.unable || this.#failuresInARow >= FIRST_STARTS)) {
      this.#stopped = true;
      this.#parts.onUnable(reason);
      return;
    }
    const delayMs = restartDelayMs(this.#failuresInARow);
    this.#parts.log.error({ reason, delayMs }, 'engine lost, starting it again');
    if (run.ready) this.#parts.onDown(reason);
    this.#restarting = setTimeout(() => this.start(), delayMs);
  }
}

function tell(run: Run, message: ToChild): void {
  // A channel that has just closed is noticed by the exit that follows.
  if (run.process.connected) run.process.send(message, () => undefined);
}

function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
