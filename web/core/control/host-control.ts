import { createBrowserPort } from '../browser-port.ts';
import type { ViewerSocket } from '../viewer-socket.ts';
import { ClipboardExchange } from './clipboard-exchange.ts';
import { ControlClient } from './control-client.ts';
import { socketWay } from './frame-way.ts';
import { nextFrame } from './input-capture.ts';
import { InputChannel } from './input-channel.ts';
import { InputSender } from './input-sender.ts';
import { InputWay } from './input-way.ts';
import type { ControlChannel } from './input-way.ts';
import { LatencyMeter } from './latency-meter.ts';
import { NO_LEASES } from './leases.ts';
import { SystemClipboard } from './system-clipboard.ts';
import type { ClipboardAccess } from './system-clipboard.ts';

/** All that a page needs to control the host that a socket watches; `InputCapture` feeds it. */
export class HostControl {
  readonly client: ControlClient;
  readonly sender: InputSender;
  readonly exchange: ClipboardExchange;
  readonly clipboard: SystemClipboard;
  readonly latency: LatencyMeter;
  readonly #off: readonly (() => void)[];
  readonly #channel: ControlChannel;

  /** `channel`: beside the socket; those of the gateway when absent. */
  constructor(
    socket: ViewerSocket,
    channel: ControlChannel = new InputChannel(createBrowserPort(), socket),
  ) {
    this.client = new ControlClient(socket);
    this.exchange = new ClipboardExchange(socket);
    this.clipboard = new SystemClipboard(this.exchange, clipboardAccess());
    this.latency = new LatencyMeter(socket);
    this.sender = new InputSender({ nextFrame, mark: (atMs) => this.latency.mark(atMs) });
    this.#channel = channel;
    this.sender.useWay(new InputWay(socketWay(socket), this.#channel));
    this.#off = [
      socket.on('input/applied', (applied) => this.sender.confirm(applied)),
      this.client.leases.subscribe(() => this.#handleLeases()),
    ];
    this.#handleLeases();
  }

  /** Whether input goes by data channels, beside the socket. */
  get hasChannel(): boolean {
    return this.#channel.isOpen;
  }

  /** Lets go of everything and hears no more; the socket stays. Idempotent. */
  close(): void {
    for (const off of this.#off) off();
    this.sender.close();
    this.#channel.close();
    this.clipboard.close();
    this.exchange.close();
    this.latency.close();
    this.client.close();
  }

  #handleLeases(): void {
    const leases = this.client.leases.value;
    if (leases.keyboard !== this.sender.leases.value.keyboard) this.clipboard.reset();
    this.#channel.want(leases !== NO_LEASES);
    this.sender.setLeases(leases);
  }
}

/** Pages on plain HTTP have none, against its type. */
const clipboardAccess = (): ClipboardAccess =>
  'clipboard' in navigator ? navigator.clipboard : null;
