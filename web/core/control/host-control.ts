import type { ViewerSocket } from '../viewer-socket.ts';
import { ClipboardExchange } from './clipboard-exchange.ts';
import { ControlClient } from './control-client.ts';
import type { FrameWay } from './frame-way.ts';
import { socketWay } from './frame-way.ts';
import { nextFrame } from './input-capture.ts';
import { InputSender } from './input-sender.ts';
import { LatencyMeter } from './latency-meter.ts';
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
  readonly #socketWay: FrameWay;

  constructor(socket: ViewerSocket) {
    this.client = new ControlClient(socket);
    this.exchange = new ClipboardExchange(socket);
    this.clipboard = new SystemClipboard(this.exchange, clipboardAccess());
    this.latency = new LatencyMeter(socket);
    this.sender = new InputSender({ nextFrame, mark: (atMs) => this.latency.mark(atMs) });
    this.#socketWay = socketWay(socket);
    this.sender.useWay(this.#socketWay);
    this.#off = [
      socket.on('input/applied', (applied) => this.sender.confirm(applied)),
      this.client.leases.subscribe(() => this.#handleLeases()),
    ];
    this.#handleLeases();
  }

  /** Frames take this way from now on; null: that of the socket. */
  useWay(way: FrameWay | null): void {
    this.sender.useWay(way ?? this.#socketWay);
  }

  /** Lets go of everything and hears no more; the socket stays. Idempotent. */
  close(): void {
    for (const off of this.#off) off();
    this.sender.close();
    this.clipboard.close();
    this.exchange.close();
    this.latency.close();
    this.client.close();
  }

  #handleLeases(): void {
    const leases = this.client.leases.value;
    if (leases.keyboard !== this.sender.leases.value.keyboard) this.clipboard.reset();
    this.sender.setLeases(leases);
  }
}

/** Pages on plain HTTP have none, against its type. */
const clipboardAccess = (): ClipboardAccess =>
  'clipboard' in navigator ? navigator.clipboard : null;
