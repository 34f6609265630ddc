import type {
  AudienceReport,
  EncodedPicture,
  Fixed,
  PictureSize,
  Tuning,
} from '../../gateway/protocol/host.ts';
import type { PathObservation } from '../publish/path-estimate.ts';
import {
  decide,
  pausedUntilMs,
  pictureOf,
  resizePolicy,
  startPolicy,
  tunePolicy,
  type AdaptationGoal,
  type PolicyState,
} from './policy.ts';

/** A bitrate is told when it has moved by so much, or has stood for so long. */
const TOLD_SHARE = 0.1;
const TOLD_MS = 5_000;

export interface AdaptationParts {
  readonly goal: AdaptationGoal;
  readonly fixed: Fixed;
  /** Has the picture encoded so from now on. */
  readonly apply: (picture: EncodedPicture, former: EncodedPicture) => void;
  /** Has no frame encoded for so long, and then a key frame. */
  readonly pause: (forMs: number) => void;
  /** Hears of changes that are worth telling; of a bitrate that wanders, now and then. */
  readonly tell: (picture: EncodedPicture, fixed: Fixed) => void;
  readonly now?: () => number;
}

/** Runs the policy for one picture that is being sent. */
export class Adaptation {
  readonly #parts: AdaptationParts;
  readonly #now: () => number;
  #state: PolicyState;
  #picture: EncodedPicture;
  #report: AudienceReport | null = null;
  #told: { readonly picture: EncodedPicture; readonly atMs: number } | null = null;

  constructor(parts: AdaptationParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
    this.#state = startPolicy(parts.goal, parts.fixed);
    this.#picture = pictureOf(this.#state);
  }

  /** What is encoded now. */
  get picture(): EncodedPicture {
    return this.#picture;
  }

  /** Decides; asked every 250 ms with what was seen of the path since. */
  look(path: PathObservation): void {
    const nowMs = this.#now();
    const formerPauseMs = pausedUntilMs(this.#state);
    this.#state = decide(this.#state, { nowMs, path, report: this.#report });
    this.#report = null;
    this.#follow(nowMs);
    const untilMs = pausedUntilMs(this.#state);
    if (untilMs > Math.max(nowMs, formerPauseMs)) this.#parts.pause(untilMs - nowMs);
  }

  /** Keeps what the audience reports for the next decision. */
  hear(report: AudienceReport): void {
    this.#report = report;
  }

  /** Fixes and releases, at once. */
  tune(tuning: Tuning): void {
    const nowMs = this.#now();
    this.#become(tunePolicy(this.#state, tuning, nowMs), nowMs);
  }

  /** Encodes at most so many pixels from now on, at once. */
  resize(size: PictureSize): void {
    const nowMs = this.#now();
    this.#become(resizePolicy(this.#state, size, nowMs), nowMs);
  }

  #become(state: PolicyState, nowMs: number): void {
    this.#state = state;
    this.#told = null;
    this.#follow(nowMs);
  }

  #follow(nowMs: number): void {
    const former = this.#picture;
    this.#picture = pictureOf(this.#state);
    if (!isSame(former, this.#picture)) this.#parts.apply(this.#picture, former);
    if (!this.#isWorthTelling(nowMs)) return;
    this.#told = { picture: this.#picture, atMs: nowMs };
    this.#parts.tell(this.#picture, this.#state.fixed);
  }

  #isWorthTelling(nowMs: number): boolean {
    if (this.#told === null) return true;
    const { picture, atMs } = this.#told;
    if (isSame(picture, this.#picture)) return false;
    if (!isSame({ ...picture, bitrateKbps: this.#picture.bitrateKbps }, this.#picture)) return true;
    const moved = Math.abs(this.#picture.bitrateKbps - picture.bitrateKbps);
    return moved >= TOLD_SHARE * picture.bitrateKbps || nowMs - atMs >= TOLD_MS;
  }
}

const isSame = (one: EncodedPicture, other: EncodedPicture): boolean =>
  one.width === other.width &&
  one.height === other.height &&
  one.fps === other.fps &&
  one.bitrateKbps === other.bitrateKbps;
