import type { Grant } from '../../auth/grant.ts';
import type { HostCapabilities, HostMessage, HostStatus } from '../../protocol/host.ts';
import type { RoomId, SourceId } from '../../protocol/ids.ts';
import type { HostChannel } from './host-channel.ts';
import { Host } from './host.ts';
import type { SourcePlace } from './source-place.ts';
import type { Source } from './source.ts';

/** Who wants to be the host of a source. */
export interface HostClaim extends SourcePlace {
  readonly grant: Grant;
}

/** `failed`: it went away, did not answer, or has too many commands. */
export type CommandResult = 'done' | 'refused' | 'failed';

/** What a host tells of its publishing and its machine. */
export type HostMeasure = Extract<
  HostMessage,
  { type: 'host/figures' | 'host/stripes-figures' | 'host/machine' }
>;

/** What happens to hosts, for logs and metrics; observers never change the outcome. */
export interface HostObserver {
  connected(host: Host): void;
  disconnected(host: Host): void;
  measured(measure: HostMeasure): void;
  /** What became of an operator’s command. */
  commanded(result: CommandResult): void;
}

interface SeatParts {
  readonly claim: HostClaim;
  readonly channel: HostChannel;
  readonly source: () => Source;
  readonly observer: HostObserver;
  readonly now: () => number;
  readonly onRelease: () => void;
}

/** A socket's hold on a source: nobody's host before its hello. */
export class HostSeat {
  readonly room: RoomId;
  readonly source: SourceId;
  readonly grant: Grant;
  readonly channel: HostChannel;
  readonly #parts: SeatParts;
  #taken: { readonly host: Host; readonly source: Source } | null = null;
  #held = true;

  constructor(parts: SeatParts) {
    this.room = parts.claim.room;
    this.source = parts.claim.source;
    this.grant = parts.claim.grant;
    this.channel = parts.channel;
    this.#parts = parts;
  }

  /** What the socket brings, parsed. False: it has no place there, a second hello or none before. */
  take(message: HostMessage): boolean {
    if (!this.#held) return true;
    const host = this.#taken?.host;
    if ((message.type === 'host/hello') !== (host === undefined)) return false;
    if (message.type === 'host/hello') this.#hello(message);
    else if (this.#taken !== null) this.#hear(this.#taken, message);
    return true;
  }

  /** The socket is gone, or makes way. Idempotent. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    if (this.#taken !== null) {
      const { host, source } = this.#taken;
      source.setHost(null);
      host.close();
      this.#parts.observer.disconnected(host);
    }
    this.#parts.onRelease();
  }

  #hello(hello: { capabilities: HostCapabilities; status: HostStatus }): void {
    const { claim, channel, now, observer } = this.#parts;
    const source = this.#parts.source();
    const { capabilities, status } = hello;
    const host = new Host({ ...claim, channel, capabilities, status, now });
    this.#taken = { host, source };
    source.setHost(host);
    observer.connected(host);
  }

  #hear(
    { host, source }: { readonly host: Host; readonly source: Source },
    message: Exclude<HostMessage, { type: 'host/hello' }>,
  ): void {
    switch (message.type) {
      case 'host/status':
        host.status = message.status;
        source.relay.setHost(host);
        break;
      case 'host/machine':
        host.machine = message.machine;
        this.#parts.observer.measured(message);
        break;
      case 'host/figures':
        this.#parts.observer.measured(message);
        host.setFigures(message.figures);
        break;
      case 'host/stripes-figures':
        this.#parts.observer.measured(message);
        host.setStripesFigures(message.figures);
        break;
      case 'host/direct-figures':
        host.setDirectFigures(message.figures);
        break;
      case 'host/result':
        host.answer(message);
        break;
      case 'host/ran':
        host.answer({ ...message, detail: message.sentence });
        break;
      case 'cursor/shape':
        source.relay.setShape(message);
        break;
      case 'cursor/position':
        source.relay.setPosition(message);
        break;
      default:
        source.input.hearHost(message, host);
    }
  }
}
