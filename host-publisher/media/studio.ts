import type { DirectClients } from '../direct/direct-clients.ts';
import type { Capture } from './capture.ts';
import { CaptureDesk } from './capture-desk.ts';
import { EncoderChoice } from './encoding/encoder-choice.ts';
import { describeEquipment, findCapture, findWhip } from './equipment.ts';
import type { Gst } from './gstreamer/native.ts';
import type { FromMedia, ToMedia } from './messages.ts';
import { DirectOutlet } from './direct-outlet.ts';
import { OutletSlot } from './outlet-slot.ts';
import type { MediaMode, MediaPlan } from './plan.ts';
import { DEFAULT_STRIPES_ENCODER } from '../stripes/stripes-encoder.ts';
import { WebSocketOutlet } from './websocket-outlet.ts';
import { WhipOutlet } from './whip-outlet.ts';

/** What {@link Studio.obey} is told. */
export type StudioOrder = Exclude<ToMedia, { type: 'ping' | 'stop' | 'survey' | 'release' }>;

/** One capture and its outlets, a mode each, whose lives are their own. */
export class Studio {
  readonly #gst: Gst;
  readonly #tell: (message: FromMedia) => void;
  readonly #encoders = new EncoderChoice();
  readonly #whip: OutletSlot<WhipOutlet>;
  readonly #websocket: OutletSlot<WebSocketOutlet>;
  readonly #direct: OutletSlot<DirectOutlet>;
  #token = '';

  constructor(gst: Gst, tell: (message: FromMedia) => void) {
    this.#gst = gst;
    this.#tell = tell;
    const desk = new CaptureDesk(gst);
    this.#whip = new OutletSlot({ mode: 'webrtc', desk, tell });
    this.#websocket = new OutletSlot({ mode: 'websocket', desk, tell });
    this.#direct = new OutletSlot({ mode: 'direct', desk, tell });
  }

  async obey(order: StudioOrder): Promise<void> {
    const whip = this.#whip.outlet;
    switch (order.type) {
      case 'warm':
        await this.#warm(order.plan);
        break;
      case 'prepare':
        await this.#whip.work((tell) => this.#prepare(order.plan, tell));
        break;
      case 'answer':
        await this.#whip.work((tell) => this.#connect(order.sdp, tell));
        break;
      case 'open':
        this.#token = order.token;
        await this.#websocket.work((tell) => this.#open(order.plan, order.url, tell));
        break;
      case 'direct-open':
        await this.#direct.work((tell) => this.#openDirect(order.plan, tell));
        break;
      case 'direct-offer':
        this.#clients?.offer(order.client, order.sdp, order.iceServers);
        break;
      case 'direct-candidate':
        this.#clients?.addCandidate(order.client, order.candidate);
        break;
      case 'direct-admit':
        this.#clients?.admit(order.client, order.mayControl);
        break;
      case 'direct-mute':
        this.#clients?.mute(order.client);
        break;
      case 'direct-doubt':
        this.#clients?.doubt(order.client);
        break;
      case 'direct-end':
        this.#clients?.end(order.client);
        break;
      case 'token':
        this.#token = order.token;
        break;
      case 'keyframe':
        whip?.askKeyframe();
        break;
      case 'tune':
        for (const outlet of this.#outlets) outlet.tune(order.tuning);
        break;
      case 'audience':
        whip?.hear(order.report);
        break;
      case 'pointer':
        this.#capture?.showPointer(order.shown);
        break;
      case 'screen':
        this.#capture?.resize(order.size);
        for (const outlet of this.#outlets) outlet.resize(order.size);
        break;
      case 'input':
        this.#capture?.inject(order.acts, order.fresh);
        break;
      case 'input-mark':
        this.#capture?.mark(order.id);
        for (const outlet of this.#outlets) outlet.mark(order.id);
        break;
      default:
        order satisfies never;
    }
  }

  /** Ends what a mode publishes. */
  release(mode: MediaMode): Promise<void> {
    return this.#slots[mode].release();
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#slots).map((slot) => slot.release()));
  }

  get #slots() {
    return { webrtc: this.#whip, websocket: this.#websocket, direct: this.#direct };
  }

  get #outlets() {
    return Object.values(this.#slots).flatMap(({ outlet }) => (outlet === null ? [] : [outlet]));
  }

  get #clients(): DirectClients | undefined {
    return this.#direct.outlet?.clients;
  }

  get #capture(): Capture | null {
    return this.#whip.capture ?? this.#websocket.capture ?? this.#direct.capture;
  }

  async #warm(plan: MediaPlan): Promise<void> {
    const { sound } = await findCapture(this.#gst, plan, this.#tell);
    const whip = encodesWhole(plan)
      ? await findWhip(this.#gst, plan, this.#encoders, this.#tell)
      : null;
    this.#tell(describeEquipment(this.#gst, sound.text !== null, whip));
  }

  async #prepare(plan: MediaPlan, tell: (message: FromMedia) => void): Promise<void> {
    const gst = this.#gst;
    const equipment = await findWhip(gst, plan, this.#encoders, tell);
    const made = await this.#whip.fill(
      () => findCapture(gst, plan, tell),
      (capture) => {
        tell(describeEquipment(gst, capture.hasSound, equipment));
        return new WhipOutlet({ ...equipment, gst, plan, capture, tell });
      },
    );
    if (made !== null) tell(await made.offer());
  }

  async #connect(sdp: string, tell: (message: FromMedia) => void): Promise<void> {
    await this.#whip.outlet?.connect(sdp);
    tell({ type: 'live', firstPacketAtMs: Date.now() });
    if (this.#whip.outlet !== null) this.#encoders.confirm();
  }

  async #open(plan: MediaPlan, url: string, tell: (message: FromMedia) => void): Promise<void> {
    const gst = this.#gst;
    const made = await this.#websocket.fill(
      () => findCapture(gst, plan, tell),
      (capture) => {
        if (!encodesWhole(plan)) tell(describeEquipment(gst, capture.hasSound, null));
        const encoder = plan.stripes.encoder ?? DEFAULT_STRIPES_ENCODER;
        const token = (): string => this.#token;
        return WebSocketOutlet.open({ gst, plan, capture, encoder, url, token, tell });
      },
    );
    if (made !== null) tell({ type: 'opened' });
  }

  async #openDirect(plan: MediaPlan, tell: (message: FromMedia) => void): Promise<void> {
    const gst = this.#gst;
    const equipment = await findWhip(gst, plan, this.#encoders, tell);
    const made = await this.#direct.fill(
      () => findCapture(gst, plan, tell),
      (capture) => {
        tell(describeEquipment(gst, capture.hasSound, equipment));
        return DirectOutlet.open({ encoder: equipment.encoder, gst, plan, capture, tell });
      },
    );
    if (made !== null) tell({ type: 'direct-opened' });
  }
}

/** Whether whole pictures are encoded, as WebRTC takes them. */
const encodesWhole = ({ modes }: MediaPlan): boolean =>
  modes.includes('webrtc') || modes.includes('direct');
