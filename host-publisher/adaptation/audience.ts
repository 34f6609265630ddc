import type { AudienceReport } from '../../gateway/protocol/host.ts';
import { firstWait, steppedDown, tried, type TryWait } from './back-off.ts';
import type { RateLimits } from './path-rate.ts';

/** One bad downlink must not drag everybody down; a sole viewer is all of them. */
const SUFFERING_SHARE = 0.5;
/** The next report tells of the time before a step: its effect is seen later. */
const STEP_GAP_MS = 4_000;
const RATE_DOWN = 0.8;
const RATE_UP = 1.1;
const RATE_UP_GAP_MS = 2_000;
const RATE_WAIT_MS = 8_000;
const EASING_WAIT_MS = 15_000;
/** A smaller frame rate looks like a freeze to a player for once. */
const CHANGE_ECHO_MS = 8_000;

/** What the viewers of a source bear, as far as their reports tell. */
export interface AudienceView {
  /** Their downlinks together; null: no limit known. */
  readonly ceilingKbps: number | null;
  readonly ceilingWait: TryWait;
  /** Steps that the picture is made easier for their decoders. */
  readonly easing: number;
  readonly easingWait: TryWait;
  /** When each last moved. */
  readonly ceilingAtMs: number;
  readonly easingAtMs: number;
}

export const UNKNOWN_AUDIENCE: AudienceView = {
  ceilingKbps: null,
  ceilingWait: firstWait(RATE_WAIT_MS),
  easing: 0,
  easingWait: firstWait(EASING_WAIT_MS),
  ceilingAtMs: -Infinity,
  easingAtMs: -Infinity,
};

/** What is sent while a report comes. */
export interface Sending {
  readonly kbps: number;
  readonly pictureChangedAtMs: number;
  /** Steps that are left on the ladder. */
  readonly mostEasing: number;
}

/** The view after a report. */
export function hearAudience(
  view: AudienceView,
  report: AudienceReport,
  sending: Sending,
  limits: RateLimits,
  nowMs: number,
): AudienceView {
  const { reporting, losing, freezing, overloaded } = report;
  if (reporting === 0) return view;
  if (overloaded >= SUFFERING_SHARE) return easeOnce(view, sending.mostEasing, nowMs);
  const isEcho = nowMs - sending.pictureChangedAtMs < CHANGE_ECHO_MS;
  const isNarrow = losing >= SUFFERING_SHARE || (freezing >= SUFFERING_SHARE && !isEcho);
  return isNarrow ? narrowOnce(view, report.lossMedian, sending.kbps, limits, nowMs) : view;
}

/** Takes limits back, one step at a time, once nobody has suffered for a while. */
export function relaxAudience(view: AudienceView, limits: RateLimits, nowMs: number): AudienceView {
  return relaxEasing(relaxCeiling(view, limits, nowMs), nowMs);
}

function easeOnce(view: AudienceView, mostEasing: number, nowMs: number): AudienceView {
  if (nowMs - view.easingAtMs < STEP_GAP_MS) return view;
  return {
    ...view,
    easing: Math.min(mostEasing, view.easing + 1),
    easingWait: steppedDown(view.easingWait, EASING_WAIT_MS, nowMs),
    easingAtMs: nowMs,
  };
}

function narrowOnce(
  view: AudienceView,
  loss: number,
  kbps: number,
  limits: RateLimits,
  nowMs: number,
): AudienceView {
  if (nowMs - view.ceilingAtMs < STEP_GAP_MS && view.ceilingWait.triedAtMs < view.ceilingAtMs) {
    return view;
  }
  const former = Math.min(kbps, view.ceilingKbps ?? kbps);
  return {
    ...view,
    ceilingKbps: Math.max(limits.leastKbps, Math.min(RATE_DOWN, 1 - loss) * former),
    ceilingWait: steppedDown(view.ceilingWait, RATE_WAIT_MS, nowMs),
    ceilingAtMs: nowMs,
  };
}

function relaxCeiling(view: AudienceView, limits: RateLimits, nowMs: number): AudienceView {
  const { ceilingKbps, ceilingWait, ceilingAtMs } = view;
  if (ceilingKbps === null) return view;
  const isClimbing = ceilingWait.triedAtMs >= ceilingAtMs;
  if (nowMs - ceilingAtMs < (isClimbing ? RATE_UP_GAP_MS : ceilingWait.waitMs)) return view;
  const raised = ceilingKbps * RATE_UP;
  return {
    ...view,
    ceilingKbps: raised >= limits.mostKbps ? null : raised,
    ceilingWait: tried(ceilingWait, nowMs),
    ceilingAtMs: nowMs,
  };
}

function relaxEasing(view: AudienceView, nowMs: number): AudienceView {
  const { easing, easingWait, easingAtMs } = view;
  if (easing === 0 || nowMs - easingAtMs < easingWait.waitMs) return view;
  return {
    ...view,
    easing: easing - 1,
    easingWait: tried(easingWait, nowMs),
    easingAtMs: nowMs,
  };
}
