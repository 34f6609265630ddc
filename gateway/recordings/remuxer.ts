import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RemuxReply, type Remuxed, type RemuxJob } from './remux/remux-job.ts';

const SCRIPT = fileURLToPath(new URL('remux/remux-main.ts', import.meta.url));
/** Without progress for so long it is given up. */
const SILENCE_MS = 60_000;
const MOST_WAITING = 10_000;

/** Why a file was not made playable. `code` is the system's (`ENOSPC`), where it has one. */
export class RemuxError extends Error {
  readonly code: string | null;

  constructor(message: string, code: string | null = null) {
    super(message);
    this.name = 'RemuxError';
    this.code = code;
  }
}

interface Waiting {
  readonly job: RemuxJob;
  readonly settle: PromiseWithResolvers<Remuxed | null>;
}

/** Makes files playable, a few at a time, each in a process of its own with low priority. */
export class Remuxer {
  /** Told how long each file took that was made playable, seconds. */
  onDone: (seconds: number) => void = () => undefined;
  readonly #most: number;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Set<ChildProcess>();
  #closed = false;

  constructor(most = 1) {
    this.#most = most;
  }

  /** Files that are being made playable, and those that wait. */
  get backlog(): number {
    return this.#waiting.length + this.#running.size;
  }

  /** Null when nothing in the file can be played. @throws RemuxError */
  remux(job: RemuxJob): Promise<Remuxed | null> {
    const settle = Promise.withResolvers<Remuxed | null>();
    if (this.#closed || this.#waiting.length >= MOST_WAITING) {
      settle.reject(new RemuxError('too much waits to be made playable'));
    } else {
      this.#waiting.push({ job, settle });
      this.#next();
    }
    return settle.promise;
  }

  /** Ends what runs; files that were not finished are made anew after the next start. */
  close(): void {
    this.#closed = true;
    for (const { settle } of this.#waiting.splice(0)) settle.reject(new RemuxError('stopping'));
    for (const child of this.#running) child.kill('SIGKILL');
  }

  #next(): void {
    if (this.#running.size >= this.#most) return;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) this.#run(waiting);
  }

  #run({ job, settle }: Waiting): void {
    const child = fork(SCRIPT, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#running.add(child);
    const beganAt = performance.now();
    const giveUp = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
    child.on('message', (message) => {
      giveUp.refresh();
      const reply = RemuxReply.parse(message);
      if (reply.type === 'done') {
        this.onDone((performance.now() - beganAt) / 1000);
        settle.resolve(reply.remuxed);
      }
      if (reply.type === 'empty') settle.resolve(null);
      if (reply.type === 'failed') settle.reject(new RemuxError(reply.reason, reply.code));
    });
    const over = (reason: string): void => {
      clearTimeout(giveUp);
      if (!this.#running.delete(child)) return;
      settle.reject(new RemuxError(this.#closed ? 'stopping' : reason));
      this.#next();
    };
    child.once('error', (error) => over(error.message));
    child.once('exit', (code, signal) => over(`it ended with ${signal ?? String(code)}`));
    child.send(job, () => undefined);
  }
}
