import { setTimeout as delay } from 'node:timers/promises';
import type { Device } from '../../../gateway/protocol/control.ts';
import type { Injection } from '../injection.ts';
import type { Injector } from '../injector.ts';
import { ActQueue } from './act-queue.ts';
import { NoInputError, X11Session, type X11Options } from './x11-session.ts';

const AGAIN_MS = 1_000;
/** A display that says nothing for so long may yet come. */
const READY_MS = 2_000;

export interface X11InjectorOptions extends X11Options {
  /** Another display is there in place of one that was lost: nothing is down on it. */
  readonly onReset: () => void;
}

/** Input to an X11 display by XTEST; it comes back with the display. */
export class X11Injector implements Injector {
  readonly ready: Promise<void>;
  readonly #options: X11InjectorOptions;
  readonly #closing = new AbortController();
  readonly #life: Promise<void>;
  #queue = new ActQueue();
  #session: X11Session | null = null;
  #devices: readonly Device[] = ['pointer', 'keyboard'];
  #isHeld = false;

  constructor(options: X11InjectorOptions) {
    this.#options = options;
    const ready = Promise.withResolvers<undefined>();
    this.ready = Promise.race([ready.promise, delay(READY_MS, undefined, { ref: false })]);
    this.#life = this.#live(() => ready.resolve(undefined));
  }

  get devices(): readonly Device[] {
    return this.#devices;
  }

  inject(acts: readonly Injection[], done: () => void): void {
    const session = this.#session;
    if (session === null) {
      done();
      return;
    }
    for (const act of acts) this.#queue.run(() => session.apply(act));
    this.#queue.run(() => {
      session.sync(done);
      return undefined;
    });
  }

  held(devices: readonly Device[]): void {
    this.#isHeld = devices.length > 0;
    this.#session?.stayAwake(this.#isHeld);
  }

  async close(): Promise<void> {
    const session = this.#session;
    await Promise.race([this.#queue.idle(), session?.lost]);
    this.#closing.abort();
    await this.#life;
  }

  async #live(onReady: () => void): Promise<void> {
    const { signal } = this.#closing;
    const closed = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    let isFirst = true;
    while (!signal.aborted) {
      try {
        const session = await X11Session.open(this.#options);
        this.#begin(session);
        if (!isFirst) this.#options.onReset();
        isFirst = false;
        onReady();
        await Promise.race([session.lost, closed]);
        this.#session = null;
        await session.close();
      } catch (error) {
        if (error instanceof NoInputError) this.#giveUp(error.message);
        onReady();
      }
      await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #giveUp(why: string): void {
    this.#devices = [];
    this.#options.say(why);
    this.#closing.abort();
  }

  #begin(session: X11Session): void {
    this.#session = session;
    this.#queue = new ActQueue();
    this.#devices = session.devices;
    session.stayAwake(this.#isHeld);
  }
}
