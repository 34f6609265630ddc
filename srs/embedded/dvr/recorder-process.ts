import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromRecorder, ToRecorder } from './recorder-messages.ts';

const SCRIPT = fileURLToPath(new URL('recorder-main.ts', import.meta.url));

export interface RecorderEvents {
  readonly message: (message: FromRecorder) => void;
  /** It ended though it was not told to. */
  readonly lost: (reason: string) => void;
}

/** The recorder's process: started by the first message, and again after it was lost. */
export class RecorderProcess {
  readonly #events: RecorderEvents;
  #child: ChildProcess | null = null;

  constructor(events: RecorderEvents) {
    this.#events = events;
  }

  tell(message: ToRecorder): void {
    this.#child ??= this.#start();
    // A channel that breaks under a message is told by its exit.
    this.#child.send(message, () => undefined);
  }

  /** It writes what it has, and ends. */
  close(): void {
    const child = this.#child;
    this.#child = null;
    if (child?.connected === true) child.disconnect();
  }

  #start(): ChildProcess {
    const child = fork(SCRIPT, [], { serialization: 'advanced', stdio: 'inherit' });
    child.on('message', (message) => this.#events.message(message as FromRecorder));
    const lost = (reason: string): void => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#events.lost(reason);
    };
    child.once('error', (error) => lost(error.message));
    child.once('exit', (code, signal) => lost(signal ?? `exit code ${String(code)}`));
    return child;
  }
}
