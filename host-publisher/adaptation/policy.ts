import type {
  AudienceReport,
  Content,
  EncodedPicture,
  Fixed,
  PictureSize,
  Tuning,
} from '../../gateway/protocol/host.ts';
import type { PathObservation } from '../publish/path-estimate.ts';
import { hearAudience, relaxAudience, UNKNOWN_AUDIENCE, type AudienceView } from './audience.ts';
import { makeLadder, type Rung } from './ladder.ts';
import {
  nextPathRate,
  startRate,
  sustainedKbps,
  type PathRate,
  type RateLimits,
} from './path-rate.ts';
import { firstChoice, fittingRung, nextChoice, type PictureChoice } from './picture-choice.ts';
import { tune } from './tuning.ts';

/** Below this H.264 of a desktop is no picture any more. */
const LEAST_KBPS = 150;
/** An unknown path is not flooded; a wide one is climbed in seconds. */
const START_KBPS = 4_000;

/** What adaptation is about: the most that may be sent, and what it shows. */
export interface AdaptationGoal {
  readonly most: EncodedPicture;
  /** Unless an operator fixed it. */
  readonly content: Content;
  /** Bits that the encoder takes for each one of H.264; 1 where it is that. */
  readonly bits?: number;
}

/** Everything that the policy remembers. */
export interface PolicyState {
  readonly goal: AdaptationGoal;
  readonly fixed: Fixed;
  readonly ladder: readonly Rung[];
  readonly path: PathRate;
  readonly audience: AudienceView;
  readonly choice: PictureChoice;
}

/** What was seen since the last decision. */
export interface Moment {
  readonly nowMs: number;
  readonly path: PathObservation;
  /** null: no new report. */
  readonly report: AudienceReport | null;
}

export function startPolicy(goal: AdaptationGoal, fixed: Fixed): PolicyState {
  const path = startRate(Math.min(START_KBPS * (goal.bits ?? 1), goal.most.bitrateKbps));
  return refit({
    goal,
    fixed,
    ladder: [],
    path,
    audience: UNKNOWN_AUDIENCE,
    choice: firstChoice(0),
  });
}

/** Fixes and releases at once; what is released begins where it was fixed. */
export function tunePolicy(state: PolicyState, tuning: Tuning, nowMs: number): PolicyState {
  return changed({ ...state, fixed: tune(state.fixed, tuning) }, nowMs);
}

/** Another size of the whole picture: the ladder begins there. */
export function resizePolicy(state: PolicyState, size: PictureSize, nowMs: number): PolicyState {
  const { goal } = state;
  return changed({ ...state, goal: { ...goal, most: { ...goal.most, ...size } } }, nowMs);
}

function changed(state: PolicyState, nowMs: number): PolicyState {
  const fitted = refit(state);
  return { ...fitted, choice: { ...fitted.choice, changedAtMs: nowMs } };
}

/** The next state: bitrate by path and audience, then frame rate and size by the ladder. */
export function decide(state: PolicyState, { nowMs, path, report }: Moment): PolicyState {
  const { fixed, ladder } = state;
  const limits = limitsOf(state);
  const heard =
    report === null
      ? state.audience
      : hearAudience(state.audience, report, sendingOf(state), limits, nowMs);
  const audience = relaxAudience(heard, limits, nowMs);
  const mostKbps = Math.max(limits.leastKbps, audience.ceilingKbps ?? limits.mostKbps);
  const rate =
    fixed.bitrateKbps === null
      ? nextPathRate(state.path, path, { ...limits, mostKbps }, nowMs)
      : startRate(fixed.bitrateKbps);
  const kbps = Math.min(sustainedKbps(rate), mostKbps);
  const choice = nextChoice(
    state.choice,
    ladder,
    fixed.bitrateKbps ?? kbps,
    audience.easing,
    nowMs,
  );
  return { ...state, path: rate, audience, choice };
}

/** What is to be encoded. */
export function pictureOf({ fixed, ladder, path, choice, goal }: PolicyState): EncodedPicture {
  const { width, height, fps } = ladder[choice.rung] ?? goal.most;
  return { width, height, fps, bitrateKbps: fixed.bitrateKbps ?? path.kbps };
}

/** Until when no frame is to be sent; in the past: there is no pause. */
export const pausedUntilMs = ({ path }: PolicyState): number => path.pausedUntilMs;

function limitsOf({ goal }: PolicyState): RateLimits {
  const mostKbps = goal.most.bitrateKbps;
  return { leastKbps: Math.min(LEAST_KBPS, mostKbps), mostKbps };
}

function sendingOf({ fixed, path, choice, ladder }: PolicyState) {
  return {
    kbps: fixed.bitrateKbps ?? path.kbps,
    pictureChangedAtMs: choice.changedAtMs,
    mostEasing: ladder.length - 1,
  };
}

/** The ladder of what is fixed now, and the rung on it that the present rate is enough for. */
function refit(state: PolicyState): PolicyState {
  const { goal, fixed, audience } = state;
  const ladder = makeLadder(goal.most, fixed.content ?? goal.content, fixed, goal.bits);
  const path = fixed.bitrateKbps === null ? state.path : startRate(fixed.bitrateKbps);
  const easing = Math.min(audience.easing, ladder.length - 1);
  const rung = fittingRung(ladder, sustainedKbps(path), easing);
  return { ...state, ladder, path, audience: { ...audience, easing }, choice: firstChoice(rung) };
}
