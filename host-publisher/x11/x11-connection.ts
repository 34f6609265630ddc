import { createClient, type Attempt, type Client, type XError, type XEvent } from 'x11';
import { HostError } from '../host-error.ts';

const PROPERTY_NOTIFY = 28;
const PROPERTY_CHANGE_MASK = 0x40_0000;
const INPUT_ONLY = 2;

type Listener = (event: XEvent) => void;

/**
 * A connection to an X11 display: requests as promises, events for whoever listens. What becomes of
 * other programs' windows fails nothing but the request that waits for it.
 */
export class X11Connection {
  readonly client: Client;
  readonly root: number;
  readonly #listeners = new Set<Listener>();
  readonly #waiting = new Set<(error: Error) => void>();
  readonly #lost = Promise.withResolvers<undefined>();
  #closed = false;

  /** Fails with a sentence where no display answers. */
  static open(display: string): Promise<X11Connection> {
    const opened = Promise.withResolvers<X11Connection>();
    createClient({ display }, (error, reply) => {
      if (error == null)
        opened.resolve(new X11Connection(reply.client, reply.screen[0]?.root ?? 0));
      else {
        const sentence = `The X11 display ${display} does not answer.`;
        opened.reject(new HostError('source-missing', sentence, { cause: error }));
      }
    });
    return opened.promise;
  }

  private constructor(client: Client, root: number) {
    this.client = client;
    this.root = root;
    // x11 4.2.2 keeps atoms of all displays in one table, though each display numbers its own.
    client.atoms = {};
    client.atom_names = {};
    client.on('event', (event: XEvent) => {
      for (const listener of this.#listeners) listener(event);
    });
    client.on('error', (error: XError) => {
      if (error.error === undefined) this.#lose();
    });
    client.on('end', () => this.#lose());
  }

  /** Resolves when the display is gone, or `close` was called. */
  get lost(): Promise<undefined> {
    return this.#lost.promise;
  }

  get isOpen(): boolean {
    return !this.#closed;
  }

  /** The answer to one request; fails with the server's error, or when the display is gone. */
  ask<T>(request: (reply: Attempt<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error('The X11 display is gone.'));
        return;
      }
      this.#waiting.add(reject);
      request((error, reply) => {
        this.#waiting.delete(reject);
        if (error == null) resolve(reply);
        else reject(error);
        return true;
      });
    });
  }

  atom(name: string): Promise<number> {
    return this.ask((reply) => this.client.InternAtom(false, name, reply));
  }

  /** Hands all events to it until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A window that nobody sees, and that hears of its properties. */
  newWindow(): number {
    const window = this.client.AllocID();
    const eventMask = PROPERTY_CHANGE_MASK;
    this.client.CreateWindow(window, this.root, 0, 0, 1, 1, 0, 0, INPUT_ONLY, 0, { eventMask });
    return window;
  }

  destroyWindow(window: number): void {
    if (this.#closed) return;
    this.client.DestroyWindow(window);
    this.client.ReleaseID(window);
  }

  /** The server's time now, by an event of a window of ours, ms. */
  async time(window: number): Promise<number> {
    const property = await this.atom('PIXELCAST_TIME');
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error('The X11 display is gone.'));
        return;
      }
      this.#waiting.add(reject);
      const stop = this.listen(({ type, wid, atom, time }) => {
        if (type !== PROPERTY_NOTIFY || wid !== window || atom !== property) return;
        stop();
        this.#waiting.delete(reject);
        resolve(time ?? 0);
      });
      this.client.ChangeProperty(2, window, property, property, 8, Buffer.alloc(0));
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#lose();
    this.client.close();
  }

  #lose(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const reject of this.#waiting) reject(new Error('The X11 display is gone.'));
    this.#waiting.clear();
    this.#lost.resolve(undefined);
  }
}
