import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { HostError } from '../host-error.ts';
import { FromMedia, type ToMedia } from '../media/messages.ts';
import { forkMediaProcess } from './media-process.ts';

const PING_MS = 1_000;
/** Probing hardware may hold JavaScript up for a while. */
const SILENCE_MS = 8_000;
/** Between two pings; it has some ten to say. */
const MOST_MESSAGES = 1_000;
const STOP_MS = 4_000;
const RELEASE_MS = 4_000;

export interface MediaChildOptions {
  readonly onMessage: (message: FromMedia) => void;
  /** One that was started ahead of its work. */
  readonly process?: ChildProcess | undefined;
  /** Its module; a test may give another. */
  readonly path?: string | undefined;
}

/** The media process as its agent sees it: messages, a watch on its life, an end for sure. */
export class MediaChild {
  readonly #process: ChildProcess;
  readonly #timer: NodeJS.Timeout;
  #onMessage: (message: FromMedia) => void;
  #failed = newFailure();
  #released: (() => void) | null = null;
  #heardAtMs = performance.now();
  #heard = 0;
  #stopping = false;

  constructor({ onMessage, path, process = forkMediaProcess(path) }: MediaChildOptions) {
    this.#onMessage = onMessage;
    this.#process = process;
    this.#process.on('message', (message) => {
      this.#heardAtMs = performance.now();
      this.#heard += 1;
      const { data } = FromMedia.safeParse(message);
      if (data === undefined) this.#break('says what it should not');
      else if (this.#heard > MOST_MESSAGES) this.#break('says too much');
      else this.#take(data);
    });
    this.#process.once('exit', () => this.#ended());
    this.#timer = setInterval(() => this.#watch(), PING_MS);
    if (this.#isGone) this.#ended();
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Fails when its work or its life has ended; never resolves. */
  get failure(): Promise<never> {
    return this.#failed.promise;
  }

  get isAlive(): boolean {
    return !this.#isGone && !this.#stopping;
  }

  /** Hands it over to other work: messages and failures of the work before are done with. */
  begin(onMessage: (message: FromMedia) => void): void {
    this.#onMessage = onMessage;
    if (this.isAlive) this.#failed = newFailure();
  }

  /** Ends its publication and keeps it for another; it is killed when it cannot do so in time. */
  async release(): Promise<void> {
    if (!this.isAlive) return;
    const released = Promise.withResolvers<undefined>();
    this.#released = () => released.resolve(undefined);
    this.#failed = newFailure();
    this.send({ type: 'release' });
    const timer = setTimeout(() => this.#failed.reject(new Error('not in time')), RELEASE_MS);
    await Promise.race([released.promise, this.#failed.promise]).catch(() => {
      this.#process.kill('SIGKILL');
      return this.stop();
    });
    clearTimeout(timer);
    this.#released = null;
  }

  /** False when it is away; else `sent` is called once the message has left this process. */
  send(message: ToMedia, sent: () => void = () => undefined): boolean {
    if (!this.#process.connected) return false;
    this.#process.send(message, sent);
    return true;
  }

  /** Resolves when the process is gone; what does not go by itself is killed. */
  async stop(): Promise<void> {
    if (this.#isGone) return;
    const gone = once(this.#process, 'exit');
    if (!this.#stopping) this.send({ type: 'stop' });
    this.#stopping = true;
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(timer);
  }

  get #isGone(): boolean {
    const { pid, exitCode, signalCode } = this.#process;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  #ended(): void {
    clearInterval(this.#timer);
    const { pid, exitCode, signalCode } = this.#process;
    const how = signalCode ?? `exit code ${exitCode}`;
    const what = pid === undefined ? 'cannot be started' : `ended (${how})`;
    this.#failed.reject(new HostError('media', `The media process ${what}.`));
  }

  #take(message: FromMedia): void {
    if (message.type === 'released') this.#released?.();
    // What still fails in a publication that is being released fails nobody.
    if (this.#released !== null) return;
    if (message.type === 'failed') {
      this.#failed.reject(new HostError(message.code, message.message));
    } else if (message.type === 'peer-gone') {
      this.#failed.reject(new HostError('gateway', `The media connection ended: ${message.why}.`));
    } else this.#onMessage(message);
  }

  #watch(): void {
    this.#heard = 0;
    if (performance.now() - this.#heardAtMs > SILENCE_MS) this.#break('hangs');
    else this.send({ type: 'ping' });
  }

  #break(how: string): void {
    this.#failed.reject(new HostError('media', `The media process ${how}.`));
    this.#process.kill('SIGKILL');
  }
}

function newFailure(): PromiseWithResolvers<never> {
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  return failure;
}
