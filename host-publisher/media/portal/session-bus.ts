import { HostError } from '../../host-error.ts';
import type { Gst, Pointer } from '../gstreamer/native.ts';
import { loadGDBus, type GDBus } from './gdbus.ts';
import { itemsOf, readValue, type Value } from './value.ts';

/** A method of one of a name's objects, with its arguments as GVariant text: `('a', uint32 1)`. */
export interface Method {
  readonly path: string;
  readonly interface: string;
  readonly name: string;
  readonly arguments: string;
}

type HearSignal = (member: string, parameters: readonly Value[]) => void;

const CLIENT_OF_A_BUS = 1 | 8;
const POLL_MS = 20;
const CALL_MS = 20_000;

/** A connection of its own to the session bus, for one name on it. */
export class SessionBus {
  readonly #gst: Gst;
  readonly #gdbus: GDBus;
  readonly #connection: Pointer;
  readonly #context: Pointer;
  readonly #name: string;
  readonly #heard = new Map<string, HearSignal>();
  readonly #unsubscribe: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #lost = Promise.withResolvers<never>();
  #calls = 0;
  #closed = false;

  private constructor(gst: Gst, connection: Pointer, name: string, members: readonly string[]) {
    this.#gst = gst;
    this.#gdbus = loadGDBus();
    this.#connection = connection;
    this.#name = name;
    this.#lost.promise.catch(() => undefined);
    this.#context = this.#gdbus.newContext();
    this.#unsubscribe = this.#gdbus.subscribe(
      connection,
      this.#context,
      { name, members },
      (path, member, parameters) =>
        this.#heard.get(path)?.(member, itemsOf(readValue(this.#gdbus, parameters))),
    );
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
  }

  /** Connects, to hear signals of these members; fails with a sentence when there is no bus. */
  static async open(gst: Gst, name: string, members: readonly string[]): Promise<SessionBus> {
    const gdbus = loadGDBus();
    const error: [Pointer | null] = [null];
    const address = gdbus.sessionAddress(error);
    const { promise, resolve } = Promise.withResolvers<Pointer | null>();
    if (address === null) resolve(null);
    else {
      gdbus.connect.async(address, CLIENT_OF_A_BUS, null, null, error, (_, made) => resolve(made));
    }
    const connection = await promise;
    if (connection !== null) return new SessionBus(gst, connection, name, members);
    throw new HostError(
      'source-missing',
      'The session bus, by which a Wayland desktop is asked for its picture, does not answer ' +
        `(${error[0] === null ? 'no reason given' : gst.takeError(error[0])}): run this in the desktop's session.`,
    );
  }

  /** This connection on the bus, as `:1.42`. */
  get uniqueName(): string {
    return this.#gdbus.uniqueName(this.#connection);
  }

  /** Never resolves; fails when the bus is gone. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  /** Hears the signals of one object. */
  hear(path: string, hear: HearSignal): void {
    this.#heard.set(path, hear);
  }

  /** The reply's values; fails with D-Bus's words. */
  async call(method: Method): Promise<readonly Value[]> {
    return (await this.#call(method)).values;
  }

  /** The one descriptor of a reply, which the caller closes. */
  async callForFd(method: Method): Promise<number> {
    return (await this.#call(method)).fd;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#unsubscribe();
    const closed = Promise.withResolvers<undefined>();
    this.#calls += 1;
    this.#gdbus.close.async(this.#connection, null, null, () => closed.resolve(undefined));
    await closed.promise;
    this.#calls -= 1;
    this.#freeWhenUnused();
  }

  async #call(method: Method): Promise<{ values: readonly Value[]; fd: number }> {
    if (this.#closed) throw new Error('The connection to the session bus is closed.');
    const gdbus = this.#gdbus;
    const error: [Pointer | null] = [null];
    const fds: [Pointer | null] = [null];
    const given = gdbus.parse(null, method.arguments, null, null, error);
    if (given === null) throw this.#failure(error);
    this.#calls += 1;
    const { promise, resolve } = Promise.withResolvers<Pointer | null>();
    const { path, interface: face, name } = method;
    // prettier-ignore
    gdbus.call.async(this.#connection, this.#name, path, face, name, given, null, 0, CALL_MS, null, fds, null, error,
      (_, reply) => resolve(reply));
    const reply = await promise;
    gdbus.release(given);
    this.#calls -= 1;
    try {
      if (reply === null) throw this.#failure(error);
      const values = itemsOf(readValue(gdbus, reply));
      const [index] = values;
      const fd =
        fds[0] !== null && typeof index === 'number' ? gdbus.takeFd(fds[0], index, null) : -1;
      return { values, fd };
    } finally {
      if (reply !== null) gdbus.release(reply);
      if (fds[0] !== null) gdbus.unref(fds[0]);
      this.#freeWhenUnused();
    }
  }

  #failure(error: [Pointer | null]): Error {
    return new Error(error[0] === null ? 'no reason given' : this.#gst.takeError(error[0]));
  }

  #poll(): void {
    while (!this.#closed && this.#gdbus.iterate(this.#context, 0) !== 0);
    if (this.#closed || this.#gdbus.isClosed(this.#connection) === 0) return;
    clearInterval(this.#timer);
    this.#lost.reject(new HostError('source-missing', "The desktop's session bus has ended."));
  }

  #freeWhenUnused(): void {
    if (!this.#closed || this.#calls > 0) return;
    this.#gdbus.unref(this.#connection);
    this.#gdbus.unrefContext(this.#context);
  }
}
