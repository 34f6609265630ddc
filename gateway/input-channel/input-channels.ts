import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ownAddresses } from '../../native/candidates.ts';
import { ChildKeeper } from '../../native/child-keeper.ts';
import { LIMITS } from '../limits/limits.ts';
import type { Grant } from '../auth/grant.ts';
import type { Logger } from '../observability/logger.ts';
import type { ChannelAnswer, ChannelClosed } from '../protocol/channel.ts';
import { MessageBudget } from '../limits/message-budget.ts';
import { channelAnswer, readChannelOffer } from './description.ts';
import type { FromChild, ToChild } from './messages.ts';

const CHILD_PATH = fileURLToPath(new URL('./child.ts', import.meta.url));

export interface ChannelSettings {
  /** UDP port of all channels; 0: any free one, kept. Null: there are no channels. */
  readonly port: number | null;
  /** Announced to viewers; empty: those of this machine. */
  readonly addresses: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A viewer's socket as its channels see it. */
export interface ChannelOwner {
  send(event: ChannelAnswer | ChannelClosed): void;
  /** What came by a channel, not yet read. */
  hear(text: string): void;
}

/** The channels of one socket. */
export interface ChannelLink {
  /** An offer, in the place of one before. */
  offer(sdp: string): void;
  /** The socket is gone, or the viewer left its channels. Idempotent. */
  close(): void;
}

interface Link {
  readonly id: number;
  readonly mid: string;
  readonly owner: ChannelOwner;
}

/**
 * Data channels of viewers, in a process of their own that starts with the first of them. A viewer
 * whose channels end hears so and goes on by its WebSocket.
 */
export class InputChannels {
  readonly #settings: ChannelSettings;
  readonly #log: Logger;
  readonly #links = new Map<number, Link>();
  #keeper: ChildKeeper<ToChild, FromChild> | null = null;
  #port: number;
  #opened = 0;
  #closed = false;
  /** Before it, an attempt would end as the last one did. */
  #notBefore = -Infinity;

  constructor(settings: ChannelSettings, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    this.#port = settings.port ?? 0;
  }

  /** Viewers that have channels, or wait for an answer. */
  get size(): number {
    return this.#links.size;
  }

  /** Ends all channels and their process. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { id } of this.#links.values()) this.#end(id, 'lost');
    await this.#keeper?.stop();
  }

  /** Channels for a socket, which may never be asked for; who may never control gets none. */
  link(grant: Grant, owner: ChannelOwner): ChannelLink {
    const mayControl = grant.can.includes('control') || grant.can.includes('admin');
    const { offersPerSecond: perSecond, offersAtOnce: burst } = OFFERS;
    const budget = new MessageBudget({ perSecond, burst }, () => performance.now());
    let current: number | null = null;
    const close = (): void => {
      if (current !== null && this.#links.delete(current)) {
        this.#keeper?.send({ type: 'close', id: current });
      }
      current = null;
    };
    return {
      close,
      offer: (sdp) => {
        close();
        const why = mayControl && budget.take(1) ? this.#open(sdp, owner) : 'unavailable';
        if (typeof why === 'number') current = why;
        else owner.send({ type: 'channel/closed', why });
      },
    };
  }

  /** The id of the new link, or why there is none. */
  #open(sdp: string, owner: ChannelOwner): number | ChannelClosed['why'] {
    if (!this.#isAvailable() || this.#links.size >= LIMITS.channels) return 'unavailable';
    const offer = readChannelOffer(sdp);
    if (offer === null) return 'malformed';
    const keeper = (this.#keeper ??= this.#startKeeper());
    if (!keeper.isRunning) return 'unavailable';
    this.#opened += 1;
    const id = this.#opened;
    this.#links.set(id, { id, mid: offer.mid, owner });
    keeper.send({ type: 'open', id, remote: offer.remote });
    return id;
  }

  #isAvailable(): boolean {
    const isOn = this.#settings.port !== null && !this.#closed;
    return isOn && performance.now() >= this.#notBefore;
  }

  #startKeeper(): ChildKeeper<ToChild, FromChild> {
    const keeper = new ChildKeeper<ToChild, FromChild>({
      childPath: CHILD_PATH,
      environment: this.#settings.environment,
      greeting: () => ({ type: 'start', port: this.#port }),
      onMessage: (message, pid) => this.#hear(message, pid),
      onEnd: ({ reason, wasUnable, delayMs }) => {
        for (const { id } of this.#links.values()) this.#end(id, 'lost');
        if (!wasUnable) {
          this.#log.error({ reason, delayMs }, 'input channels lost, starting them again');
          return true;
        }
        this.#log.warn({ reason }, 'no input channels: see INPUT_PORT. Input goes by WebSocket');
        this.#keeper = null;
        this.#notBefore = performance.now() + LIMITS.channelRetryMs;
        return false;
      },
      onError: (error) => this.#log.warn({ err: error }, 'process of the input channels'),
    });
    keeper.start();
    return keeper;
  }

  #hear(message: FromChild, pid: number): void {
    switch (message.type) {
      case 'ready':
        // A port that was "any" stays: viewers are told the same one after a restart.
        this.#port = message.port;
        this.#log.info({ port: message.port, pid }, 'input channels ready');
        return;
      case 'opened':
        this.#answer(message);
        return;
      case 'message':
        this.#links.get(message.id)?.owner.hear(message.text);
        return;
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

  #answer({ id, local }: FromChild & { type: 'opened' }): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    const addresses = ownAddresses({
      configured: this.#settings.addresses,
      bindAddress: undefined,
      interfaces: networkInterfaces(),
    });
    const sdp = channelAnswer({ mid: link.mid, local, addresses, port: this.#port });
    link.owner.send({ type: 'channel/answer', sdp });
  }

  #end(id: number, why: ChannelClosed['why']): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    this.#links.delete(id);
    link.owner.send({ type: 'channel/closed', why });
  }
}

const OFFERS = {
  offersPerSecond: LIMITS.channelOffersPerSecond,
  offersAtOnce: LIMITS.channelOffersAtOnce,
};
