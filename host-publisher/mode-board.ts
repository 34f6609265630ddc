import { isDeepStrictEqual } from 'node:util';
import type {
  DirectStatus,
  EncodedPicture,
  Fixed,
  HostState,
  HostStatus,
  PictureSize,
  StripesStatus,
  Tuning,
} from '../gateway/protocol/host.ts';
import { tune } from './adaptation/tuning.ts';
import type { FromMedia } from './media/messages.ts';
import type { MediaMode, MediaPlan, Picture } from './media/plan.ts';
import { StatusBoard } from './status-board.ts';

/** What may differ from one publication to the next. */
export type Planned = Pick<MediaPlan, 'picture' | 'fixed'>;

/** The best first. */
const RANKS: readonly HostState[] = ['live', 'starting', 'failed', 'idle'];
const RESTING: StripesStatus = { state: 'idle', encoder: null, picture: null };
const NOBODY: DirectStatus = { state: 'idle', clients: 0, picture: null };
const MOST_WORDS = 500;

/** What became of the media socket; `barred`: the gateway will not have it. */
type Link = 'none' | 'admitted' | 'barred';
/** What is captured for a media socket is live once the gateway has that. */
const LINKED: Readonly<Record<Link, HostState>> = {
  none: 'starting',
  admitted: 'live',
  barred: 'failed',
};

/** What this host does in each mode, as others are told, and what it is to encode. */
export class ModeBoard {
  readonly #board: StatusBoard;
  readonly #states = new Map<MediaMode, HostState>();
  readonly #planned = new Map<MediaMode, Planned>();
  readonly #modes: readonly MediaMode[];
  #link: Link = 'none';
  #publisher: string | null = null;
  #picture: Picture;

  constructor(plan: MediaPlan, onChange: (status: HostStatus) => void) {
    this.#picture = plan.picture;
    this.#modes = plan.modes;
    const websocket = plan.modes.includes('websocket') ? { websocket: RESTING } : {};
    const direct = plan.modes.includes('direct') ? { direct: NOBODY } : {};
    this.#board = new StatusBoard({ fixed: plan.fixed, ...websocket, ...direct }, onChange);
  }

  get status(): HostStatus {
    return this.#board.status;
  }

  /** The picture as it is published now, in the mode that has one. */
  get shown(): PictureSize {
    const { picture, websocket, direct } = this.status;
    return picture ?? direct?.picture ?? websocket?.picture ?? this.#picture;
  }

  /** What a mode that is built now encodes. */
  plan(mode: MediaMode): Planned {
    const planned = { picture: this.#picture, fixed: this.#fixed };
    this.#planned.set(mode, planned);
    return planned;
  }

  /** What has become another since a mode was planned. */
  changesSince(mode: MediaMode): { size: PictureSize | null; tuning: Tuning | null } {
    const { picture, fixed } = this.#planned.get(mode) ?? this.plan(mode);
    const { width, height } = this.#picture;
    return {
      size: isDeepStrictEqual(picture, this.#picture) ? null : { width, height },
      tuning: isDeepStrictEqual(fixed, this.#fixed) ? null : this.#fixed,
    };
  }

  /** At most this is encoded from now on. */
  resize(picture: Picture): void {
    this.#picture = picture;
  }

  tune(tuning: Tuning): void {
    this.#board.set({ fixed: tune(this.#fixed, tuning) });
  }

  enter(mode: MediaMode, state: HostState): void {
    this.#states.set(mode, state);
    if (mode === 'websocket' && state !== 'live') this.#link = 'none';
    this.#show(mode);
  }

  fail(message: string): void {
    this.#board.set({ message: message.slice(0, MOST_WORDS) });
  }

  /** What the media process says. */
  hear(message: FromMedia): void {
    switch (message.type) {
      case 'equipped':
        this.#publisher = message.publisher;
        if (message.encoder === null) break;
        this.#board.set({ encoder: message.encoder.name, codec: message.encoder.codec });
        break;
      case 'picture': {
        const { mode, picture, fixed } = message;
        this.#board.set({ fixed, ...this.#pictureOf(mode, picture) });
        break;
      }
      case 'stripes-encoder':
        this.#board.set(this.#websocket({ encoder: message.encoder }));
        break;
      case 'stripes-admitted':
        this.#link = 'admitted';
        this.#show('websocket');
        break;
      case 'direct-connected':
        this.#board.set(this.#direct({ clients: message.clients }));
        break;
      case 'stripes-lost':
        this.#link = message.barred ? 'barred' : 'none';
        this.#show('websocket');
        this.fail(message.message);
        break;
      default:
    }
  }

  get #fixed(): Fixed {
    return this.status.fixed;
  }

  #stateOf(mode: MediaMode): HostState {
    const state = this.#states.get(mode) ?? 'idle';
    return mode === 'websocket' && state === 'live' ? LINKED[this.#link] : state;
  }

  #show(mode: MediaMode): void {
    const state = this.#stateOf(mode);
    const states = [...this.#states.keys()].map((each) => this.#stateOf(each));
    const best = RANKS.find((one) => states.includes(one)) ?? 'idle';
    const isWhole = state === 'live' && !states.includes('failed');
    this.#board.set({
      state: best,
      ...(isWhole ? { message: null } : {}),
      ...this.#statusOf(mode, state),
    });
  }

  #statusOf(mode: MediaMode, state: HostState): Partial<HostStatus> {
    switch (mode) {
      case 'webrtc':
        return this.#webrtc(state);
      case 'websocket':
        return this.#websocket({ state });
      case 'direct':
        return this.#direct({ state });
    }
  }

  #pictureOf(mode: MediaMode, picture: EncodedPicture): Partial<HostStatus> {
    switch (mode) {
      case 'webrtc':
        return { picture };
      case 'websocket':
        return this.#websocket({ picture });
      case 'direct':
        return this.#direct({ picture });
    }
  }

  #webrtc(state: HostState): Partial<HostStatus> {
    if (state === 'live') return { publisher: this.#publisher };
    return { picture: null, publisher: null };
  }

  #websocket(change: Partial<StripesStatus>): Partial<HostStatus> {
    if (!this.#modes.includes('websocket')) return {};
    const websocket = { ...RESTING, ...this.status.websocket, ...change };
    if (this.#states.get('websocket') !== 'live') websocket.picture = null;
    return { websocket };
  }

  #direct(change: Partial<DirectStatus>): Partial<HostStatus> {
    if (!this.#modes.includes('direct')) return {};
    const direct = { ...NOBODY, ...this.status.direct, ...change };
    if (direct.state !== 'live' && change.state !== undefined) {
      return { direct: { ...direct, clients: 0, picture: null } };
    }
    return { direct };
  }
}
