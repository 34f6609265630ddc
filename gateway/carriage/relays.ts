import { fileURLToPath } from 'node:url';
import { ChildKeeper } from '../../native/child-keeper.ts';
import type { LocalTransport } from '../../native/local-transport.ts';
import { LIMITS } from '../limits/limits.ts';
import type { Logger } from '../observability/logger.ts';
import type { OpenRelay, RelayPort } from '../rooms/fleet/relay-port.ts';
import type { FromChild, Leg, RelayCounts, RemoteTransport, ToChild } from './messages.ts';

const CHILD_PATH = fileURLToPath(new URL('./child.ts', import.meta.url));
const NOTHING: RelayCounts = { packets: 0, bytes: 0, resent: 0, keyframes: 0 };
const LEGS: readonly Leg[] = ['pull', 'push'];

type Legs = Readonly<Record<Leg, LocalTransport>>;

interface Entry {
  readonly opened: PromiseWithResolvers<Legs>;
  readonly connected: Readonly<Record<Leg, PromiseWithResolvers<undefined>>>;
  readonly onEnd: (why: string) => void;
  counts: RelayCounts;
}

/** Relays of media between nodes, in a process of their own that starts with the first of them. */
export class Relays implements RelayPort {
  readonly #environment: Readonly<Record<string, string>>;
  readonly #log: Logger;
  readonly #entries = new Map<number, Entry>();
  #keeper: ChildKeeper<ToChild, FromChild> | null = null;
  #opened = 0;
  #closed = false;
  #pid: number | null = null;

  constructor(environment: Readonly<Record<string, string>>, log: Logger) {
    this.#environment = environment;
    this.#log = log;
  }

  /** Of the process of the relays; null while there is none. */
  get pid(): number | null {
    return this.#pid;
  }

  async open(onEnd: (why: string) => void): Promise<OpenRelay> {
    if (this.#closed) throw new Error('the gateway is stopping');
    const keeper = (this.#keeper ??= this.#startKeeper());
    if (!keeper.isRunning) throw new Error('the process of the relays is being started again');
    this.#opened += 1;
    const id = this.#opened;
    const entry: Entry = {
      opened: Promise.withResolvers(),
      connected: { pull: Promise.withResolvers(), push: Promise.withResolvers() },
      onEnd,
      counts: NOTHING,
    };
    for (const leg of LEGS) entry.connected[leg].promise.catch(() => undefined);
    this.#entries.set(id, entry);
    keeper.send({ type: 'open', id });
    const late = setTimeout(() => this.#end(id, 'no relay in time'), LIMITS.carriageConnectMs);
    const legs = await entry.opened.promise.finally(() => clearTimeout(late));
    return {
      legs,
      get counts() {
        return entry.counts;
      },
      connect: async (leg, remote: RemoteTransport) => {
        if (this.#entries.has(id)) keeper.send({ type: 'connect', id, leg, remote });
        await entry.connected[leg].promise;
      },
      close: () => {
        if (!this.#entries.delete(id)) return;
        keeper.send({ type: 'close', id });
        refuse(entry, 'closed');
      },
    };
  }

  /** Ends all relays and their process. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const id of [...this.#entries.keys()]) this.#end(id, 'the gateway is stopping');
    await this.#keeper?.stop();
  }

  #startKeeper(): ChildKeeper<ToChild, FromChild> {
    const keeper = new ChildKeeper<ToChild, FromChild>({
      childPath: CHILD_PATH,
      environment: this.#environment,
      greeting: () => ({ type: 'start' }),
      onMessage: (message, pid) => this.#hear(message, pid),
      onEnd: ({ reason, delayMs }) => {
        this.#pid = null;
        this.#log.error({ reason, delayMs }, 'relays between media servers lost');
        for (const id of [...this.#entries.keys()])
          this.#end(id, 'the process of the relays ended');
        return true;
      },
      onError: (error) => this.#log.warn({ err: error }, 'process of the relays'),
    });
    keeper.start();
    return keeper;
  }

  #hear(message: FromChild, pid: number): void {
    switch (message.type) {
      case 'ready':
        this.#pid = pid;
        return;
      case 'opened':
        this.#entries.get(message.id)?.opened.resolve(message.legs);
        return;
      case 'connected':
        this.#entries.get(message.id)?.connected[message.leg].resolve(undefined);
        return;
      case 'counts': {
        const entry = this.#entries.get(message.id);
        if (entry !== undefined) entry.counts = message.counts;
        return;
      }
      case 'closed':
        this.#end(message.id, message.why);
        return;
      case 'pong':
      case 'unable':
        return;
      default:
        message satisfies never;
    }
  }

  #end(id: number, why: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    refuse(entry, why);
    entry.onEnd(why);
  }
}

function refuse({ opened, connected }: Entry, why: string): void {
  const error = new Error(why);
  opened.reject(error);
  for (const leg of LEGS) connected[leg].reject(error);
}
