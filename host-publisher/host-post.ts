import type {
  HostCapabilities,
  HostCommand,
  HostMessage,
  HostState,
  PictureSize,
  Tuning,
} from '../gateway/protocol/host.ts';
import type { ControlLeases } from '../gateway/protocol/control.ts';
import type { InputFrame } from '../gateway/protocol/input.ts';
import { refuseTuning } from './adaptation/tuning.ts';
import { CursorRelay } from './cursor/cursor-relay.ts';
import { Facilities } from './facilities.ts';
import { HostSocket } from './gateway/host-socket.ts';
import type { HostError } from './host-error.ts';
import type { ControlOptions } from './input/control-options.ts';
import { HostInput } from './input/host-input.ts';
import { openInjectors } from './input/open-injectors.ts';
import type { FromMedia } from './media/messages.ts';
import type { MediaMode, MediaPlan, Picture } from './media/plan.ts';
import { MachineWatch } from './machine/machine-watch.ts';
import { ModeBoard, type Planned } from './mode-board.ts';
import type { MediaChild } from './supervision/media-child.ts';
import type { Modes } from './supervision/modes.ts';
import { RestNotice } from './supervision/rest-notice.ts';

export interface HostPostOptions {
  readonly socketUrl: string;
  readonly token: () => string;
  /** Of host-publisher. */
  readonly version: string;
  readonly plan: MediaPlan;
  readonly control: ControlOptions;
  readonly onDemand: boolean;
  readonly demand: Pick<Modes, 'areIdle' | 'want' | 'lose' | 'publishAlways'>;
  readonly say: (line: string) => void;
  readonly onWelcome: () => void;
  /** Who controls this machine; null: the gateway is gone, and nobody does. */
  readonly onLeases: (leases: ControlLeases | null) => void;
  /** The gateway will not have this host, and it publishes nothing. */
  readonly onHopeless: (error: HostError) => void;
}

/** What the gateway knows of this host, and what it commands. */
export class HostPost {
  readonly #options: HostPostOptions;
  readonly #socket: HostSocket;
  readonly #board: ModeBoard;
  #equipment: Extract<FromMedia, { type: 'equipped' }> | null = null;
  #child: MediaChild | null = null;
  readonly #using = new Set<MediaMode>();
  readonly #notice: RestNotice;
  readonly #cursor: CursorRelay | null;
  readonly #input: HostInput;
  readonly #facilities: Facilities;
  readonly #machine: MachineWatch;

  constructor(options: HostPostOptions) {
    const { socketUrl: url, token, say, demand, plan } = options;
    this.#options = options;
    this.#notice = new RestNotice(say, () => demand.areIdle);
    this.#cursor = CursorRelay.of(plan, {
      send: (message) => this.send(message),
      showPointer: (shown) => this.#child?.send({ type: 'pointer', shown }),
      picture: () => this.#shown,
    });
    this.#input = new HostInput({
      injectors: openInjectors(plan, options.control, {
        toMedia: (message, sent) => this.#child?.send(message, sent) ?? false,
        picture: () => this.#shown,
        say,
        onReset: () => this.#input.forget(),
      }),
      send: (message) => this.send(message),
      onMark: (id) => this.#child?.send({ type: 'input-mark', id }),
    });
    this.#facilities = new Facilities({
      ...{ plan, control: options.control, say },
      send: (message) => this.send(message),
      onPictureSize: (size) => this.#resize({ ...plan.picture, ...size }),
    });
    this.#machine = new MachineWatch((machine) => this.send({ type: 'host/machine', machine }));
    this.#board = new ModeBoard(plan, (status) => this.send({ type: 'host/status', status }));
    this.#socket = new HostSocket({
      ...{ url, token, say },
      hello: () => ({
        type: 'host/hello',
        ...{ capabilities: this.#capabilities(), status: this.#board.status },
      }),
      onCommand: (command) => this.#obey(command),
      onLost: () => {
        this.#cursor?.connected(false);
        this.#disconnected();
        demand.lose();
      },
      onBarred: (error) => this.#barred(error),
    });
  }

  /** What a mode that is built now encodes: at most, and as an operator fixed. */
  planned(mode: MediaMode): Planned {
    return this.#board.plan(mode);
  }

  /** Hands over a message, if the gateway is there and reads. */
  send(message: HostMessage): boolean {
    return this.#socket.send(message);
  }

  /** A mode goes on to another state. */
  enter(mode: MediaMode, state: HostState): void {
    this.#board.enter(mode, state);
    this.#notice.renew();
  }

  /** Commands go to this process until what is published has ended. */
  begin(mode: MediaMode, child: MediaChild): void {
    this.#using.add(mode);
    this.#child = child;
  }

  live(mode: MediaMode): void {
    this.#cursor?.live(true);
    this.#input.live(true);
    const { size, tuning } = this.#board.changesSince(mode);
    if (size !== null) this.#child?.send({ type: 'screen', size });
    if (tuning !== null) this.#child?.send({ type: 'tune', tuning });
    if (mode !== 'websocket') this.#open();
  }

  ended(mode: MediaMode): void {
    this.#using.delete(mode);
    if (this.#using.size > 0) return;
    this.#cursor?.live(false);
    this.#input.live(false);
    this.#child = null;
  }

  /** A frame that a client's data channel brought, of who holds control. */
  takeDirect(frame: InputFrame): void {
    this.#input.takeDirect(frame);
  }

  failed(error: HostError): void {
    this.#board.fail(error.message);
    this.#open();
  }

  /** What the media process says. */
  hear(message: FromMedia): void {
    this.#board.hear(message);
    switch (message.type) {
      case 'figures':
        this.send({ type: 'host/figures', figures: message.figures });
        break;
      case 'stripes-figures':
        this.send({ type: 'host/stripes-figures', figures: message.figures });
        break;
      case 'direct-figures':
        this.send({ type: 'host/direct-figures', figures: message.figures });
        break;
      case 'stripes-admitted':
        this.#open();
        break;
      case 'input-pictured':
        this.send({ ...message, type: 'input/pictured' });
        break;
      case 'equipped':
        this.#equipment = message;
        if (this.#options.onDemand) this.#open();
        break;
      default:
    }
  }

  async close(): Promise<void> {
    this.#machine.close();
    this.#cursor?.live(false);
    await Promise.all([this.#input.close(), this.#facilities.close(), this.#socket.close()]);
  }

  /** Once it is known what can be controlled: the gateway is told once. */
  #open(): void {
    const known = Promise.all([this.#input.ready(), this.#facilities.ready()]);
    void known.then(() => this.#socket.open());
  }

  #capabilities(): HostCapabilities {
    const { version, plan, onDemand } = this.#options;
    return {
      version,
      kind: plan.source,
      encoders: this.#equipment?.encoder == null ? [] : [this.#equipment.encoder],
      publishers: [...(this.#equipment?.publishers ?? [])],
      transports: plan.modes.filter((mode) => mode !== 'direct'),
      picture: this.#most,
      sound: this.#equipment?.sound ?? false,
      onDemand,
      cursor: this.#cursor !== null,
      devices: this.#input.devices,
      ...this.#facilities.capabilities,
    };
  }

  /** The most that it ever encodes. */
  get #most(): Picture {
    const { picture } = this.#options.plan;
    const { width, height } = this.#facilities.capabilities.largestScreen ?? picture;
    return {
      ...picture,
      width: Math.max(width, picture.width),
      height: Math.max(height, picture.height),
    };
  }

  /** The picture as it is published now. */
  get #shown(): PictureSize {
    return this.#board.shown;
  }

  #resize(picture: Picture): void {
    this.#board.resize(picture);
    const { width, height } = picture;
    this.#child?.send({ type: 'screen', size: { width, height } });
  }

  #disconnected(): void {
    this.#options.onLeases(null);
    this.#input.disconnected();
    this.#facilities.disconnected();
  }

  #obey(command: HostCommand): void {
    switch (command.type) {
      case 'host/welcome':
        this.#cursor?.connected(true);
        this.#options.onWelcome();
        break;
      case 'media/demand':
        this.#options.demand.want({ websocket: 0, ...command });
        this.#notice.look();
        break;
      case 'media/keyframe':
        this.#child?.send({ type: 'keyframe' });
        break;
      case 'media/tune':
        this.#tune(command.id, command.tuning);
        break;
      case 'audience/report':
        this.#child?.send({ type: 'audience', report: command.report });
        break;
      case 'control/leases':
        this.#input.lease(command);
        this.#facilities.lease(command);
        this.#options.onLeases(command);
        break;
      case 'input/frame':
        this.#input.take(command);
        break;
      default:
        this.#facilities.obey(command);
    }
  }

  #tune(id: string, tuning: Tuning): void {
    const refusal = refuseTuning(tuning, this.#most);
    if (refusal === null) {
      this.#board.tune(tuning);
      this.#child?.send({ type: 'tune', tuning });
    }
    this.send({ type: 'host/result', id, ok: refusal === null, detail: refusal ?? '' });
  }

  /** No socket will be: what is published goes on, and what rests publishes always or ends. */
  #barred(error: HostError): void {
    const { demand, say, onDemand, onHopeless } = this.#options;
    this.#disconnected();
    if (!onDemand || !demand.areIdle) {
      demand.lose();
      say(error.message);
    } else if (error.code === 'not-an-endpoint') {
      say(`${error.message} It publishes always: nobody tells it who watches.`);
      demand.publishAlways();
    } else onHopeless(error);
  }
}
