import type { Device } from '../../protocol/control.ts';
import { DEVICES } from '../../protocol/control-terms.ts';
import type { HostMessage } from '../../protocol/host.ts';
import type { ViewerMessage } from '../../protocol/viewer.ts';
import type { Host } from '../hosts/host.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import type { ClipboardBacklog } from './clipboard-backlog.ts';
import { ClipboardFromHost } from './clipboard-from-host.ts';
import { ClipboardToHost } from './clipboard-to-host.ts';
import { CommandRelay } from './command-relay.ts';
import { FrameRelay } from './frame-relay.ts';
import type { InputControl } from './input-control.ts';
import type { InputObserver } from './input-observer.ts';
import type { InputTap } from './input-tap.ts';
import type { InputViewer } from './input-viewer.ts';
import { ViewportRelay } from './viewport-relay.ts';

/** Of a viewer, for the host or about it. */
export type ViewerInput = Extract<
  ViewerMessage,
  { type: `input/${string}` | `clipboard/${string}` | 'viewport' | 'host/run' }
>;

/** Of a host, for whoever controls it. */
export type HostOutput = Extract<HostMessage, { type: `input/${string}` | `clipboard/${string}` }>;

interface DeskParts {
  readonly place: SourcePlace;
  readonly control: InputControl;
  readonly observer: InputObserver;
  readonly tap: InputTap;
  readonly backlog: ClipboardBacklog;
}

/** Input of a source's viewers on its way to the host, and what comes back; only clipboards wait here. */
export class InputDesk {
  readonly #control: InputControl;
  readonly #observer: InputObserver;
  readonly #frames: FrameRelay;
  readonly #toHost: ClipboardToHost;
  readonly #fromHost: ClipboardFromHost;
  readonly #commands: CommandRelay;
  readonly #viewport = new ViewportRelay((viewport) => this.#host?.send(viewport));
  #host: Host | null = null;
  #pointer: InputViewer | null = null;

  constructor(parts: DeskParts) {
    const { control, backlog, observer } = parts;
    this.#control = control;
    this.#observer = observer;
    const clipboard = { control, backlog, onContent: observer.clipboard.bind(observer) };
    this.#frames = new FrameRelay(parts);
    this.#toHost = new ClipboardToHost(clipboard);
    this.#fromHost = new ClipboardFromHost(clipboard);
    this.#commands = new CommandRelay(parts);
  }

  /** Another host serves the source, or none. */
  setHost(host: Host | null): void {
    this.#toHost.end(null);
    this.#fromHost.end(null);
    this.#frames.forget();
    this.#host = host;
    this.#viewport.renew();
  }

  /** Devices changed hands, or their holder went or came back. The host knows. */
  released(devices: readonly Device[]): void {
    const pointer = this.#control.keeperOf('pointer');
    if (pointer !== this.#pointer) this.#viewport.end();
    this.#pointer = pointer;
    if (!devices.includes('keyboard')) return;
    this.#toHost.end(this.#host);
    this.#fromHost.end(this.#host);
  }

  /** `arrivedAt`: when the message was here, of `performance.now()`. */
  hear(viewer: InputViewer, message: ViewerInput, arrivedAt: number): void {
    const host = this.#host;
    switch (message.type) {
      case 'input/frame':
        this.#frames.relay(viewer, message, arrivedAt, host);
        break;
      case 'input/seen':
        if (this.#holdsAny(viewer)) this.#observer.took('picture', message.tookMs);
        break;
      case 'viewport':
        if (this.#control.holderOf('pointer') === viewer) this.#viewport.set(message);
        else this.#frames.refuse(viewer, 'not-holder');
        break;
      case 'clipboard/want':
        this.#fromHost.hearWant(viewer, message, host);
        break;
      case 'clipboard/part':
        this.#toHost.hearPart(viewer, message, host);
        break;
      case 'clipboard/refused':
        this.#toHost.hearRefused(viewer, message, host);
        this.#fromHost.hearRefused(viewer, message, host);
        break;
      case 'host/run':
        void this.#commands.run(viewer, message, host);
        break;
      default:
        message satisfies never;
    }
  }

  hearHost(message: HostOutput, host: Host): void {
    const control = this.#control;
    switch (message.type) {
      case 'input/applied':
        this.#frames.applied(message);
        break;
      case 'input/pictured':
        (control.holderOf('pointer') ?? control.holderOf('keyboard'))?.send(message);
        break;
      case 'clipboard/offer':
        this.#fromHost.hearOffer(message, control.holderOf('keyboard'));
        break;
      case 'clipboard/part':
        this.#fromHost.hearPart(message, control.holderOf('keyboard'), host);
        break;
      case 'clipboard/refused':
        this.#toHost.hearHost(message);
        this.#fromHost.hearHostRefused(message, control.holderOf('keyboard'));
        break;
      case 'clipboard/taken':
        this.#toHost.hearHost(message);
        break;
      default:
        message satisfies never;
    }
  }

  /** What a viewer measured from a ping to its answer. */
  hearRoundTrip(viewer: InputViewer, rttMs: number): void {
    if (this.#holdsAny(viewer)) this.#observer.took('viewer', rttMs / 2);
  }

  #holdsAny(viewer: InputViewer): boolean {
    return DEVICES.some((device) => this.#control.holderOf(device) === viewer);
  }
}
