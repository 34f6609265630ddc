import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { HostError } from '../host-error.ts';
import { FromMedia, type ToMedia } from '../media/messages.ts';
import { MediaMode } from '../media/plan.ts';
import { forkMediaProcess } from './media-process.ts';

const PING_MS = 1_000;
/** Probing hardware may hold JavaScript up for a while. */
const SILENCE_MS = 8_000;
/** Between two pings; it has some ten to say, and hands on the input of three who hold control. */
const MOST_MESSAGES = 4_000;
const STOP_MS = 4_000;
const RELEASE_MS = 4_000;

/** What it is used for: a mode, or what concerns none. */
export type MediaUse = MediaMode | 'process';
const USES: readonly MediaUse[] = [...MediaMode.options, 'process'];

export interface MediaChildOptions {
  /** Hears what no mode has begun to hear. */
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
  readonly #listeners = new Map<MediaUse, (message: FromMedia) => void>();
  readonly #failed = new Map<MediaUse, PromiseWithResolvers<never>>();
  readonly #releasing = new Map<MediaMode, () => void>();
  #heardAtMs = performance.now();
  #heard = 0;
  #stopping = false;

  constructor({ onMessage, path, process = forkMediaProcess(path) }: MediaChildOptions) {
    for (const use of USES) this.#failed.set(use, newFailure());
    this.#listeners.set('process', onMessage);
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

  /** Fails when this work of it, or its life, has ended; never resolves. */
  failureOf(use: MediaUse): Promise<never> {
    return this.#failureOf(use).promise;
  }

  get isAlive(): boolean {
    return !this.#isGone && !this.#stopping;
  }

  /** Hands it over to other work of a kind: messages and failures of the work before are done with. */
  begin(use: MediaUse, onMessage: (message: FromMedia) => void): void {
    this.#listeners.set(use, onMessage);
    if (this.isAlive) this.#failed.set(use, newFailure());
  }

  /**
   * Ends what a mode publishes and keeps the process for more; it is killed when it cannot do so in
   * time. Not `isSound`: it is kept for the sake of another mode alone.
   */
  async leave(mode: MediaMode, isSound = true): Promise<void> {
    const isShared = MediaMode.options.some((one) => one !== mode && this.#listeners.has(one));
    if (isSound || isShared) await this.#release(mode);
    else await this.stop();
    this.#listeners.delete(mode);
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

  async #release(mode: MediaMode): Promise<void> {
    if (!this.isAlive) return;
    const released = Promise.withResolvers<undefined>();
    this.#releasing.set(mode, () => released.resolve(undefined));
    const failed = newFailure();
    this.#failed.set(mode, failed);
    this.send({ type: 'release', mode });
    const timer = setTimeout(() => failed.reject(new Error('not in time')), RELEASE_MS);
    await Promise.race([released.promise, failed.promise]).catch(() => {
      this.#process.kill('SIGKILL');
      return this.stop();
    });
    clearTimeout(timer);
    this.#releasing.delete(mode);
  }

  get #isGone(): boolean {
    const { pid, exitCode, signalCode } = this.#process;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  #failureOf(use: MediaUse): PromiseWithResolvers<never> {
    return this.#failed.get(use) ?? newFailure();
  }

  #fail(error: HostError, uses: readonly MediaUse[] = USES): void {
    for (const use of uses) this.#failureOf(use).reject(error);
  }

  #ended(): void {
    clearInterval(this.#timer);
    const { pid, exitCode, signalCode } = this.#process;
    const how = signalCode ?? `exit code ${exitCode}`;
    const what = pid === undefined ? 'cannot be started' : `ended (${how})`;
    this.#fail(new HostError('media', `The media process ${what}.`));
  }

  #take(message: FromMedia): void {
    const use = useOf(message);
    if (message.type === 'released') this.#releasing.get(message.mode)?.();
    // What still fails in a publication that is being released fails nobody.
    if (use !== 'process' && this.#releasing.has(use)) return;
    if (message.type === 'failed') {
      const { code, mode } = message;
      this.#fail(new HostError(code, message.message), mode === null ? USES : [mode]);
    } else if (message.type === 'peer-gone') {
      this.#fail(new HostError('gateway', `The media connection ended: ${message.why}.`), [use]);
    } else this.#hear(use, message);
  }

  #hear(use: MediaUse, message: FromMedia): void {
    (this.#listeners.get(use) ?? this.#listeners.get('process'))?.(message);
  }

  #watch(): void {
    this.#heard = 0;
    if (performance.now() - this.#heardAtMs > SILENCE_MS) this.#break('hangs');
    else this.send({ type: 'ping' });
  }

  #break(how: string): void {
    this.#fail(new HostError('media', `The media process ${how}.`));
    this.#process.kill('SIGKILL');
  }
}

/** Whose a message is. */
function useOf(message: FromMedia): MediaUse {
  switch (message.type) {
    case 'offer':
    case 'live':
    case 'figures':
    case 'peer-gone':
      return 'webrtc';
    case 'opened':
    case 'stripes-admitted':
    case 'stripes-encoder':
    case 'stripes-figures':
    case 'stripes-lost':
      return 'websocket';
    case 'direct-opened':
    case 'direct-answer':
    case 'direct-candidate':
    case 'direct-connected':
    case 'direct-input':
    case 'direct-gone':
    case 'direct-figures':
      return 'direct';
    case 'picture':
    case 'released':
      return message.mode;
    case 'failed':
      return message.mode ?? 'process';
    default:
      return 'process';
  }
}

function newFailure(): PromiseWithResolvers<never> {
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  return failure;
}
