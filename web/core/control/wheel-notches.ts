/** What of a `WheelEvent` counts here. */
export interface WheelFacts {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly shiftKey: boolean;
  readonly wheelDeltaX?: number;
  readonly wheelDeltaY?: number;
}

/** What browsers scroll per notch, so that a host's browser scrolls as far as this one would. */
const PIXELS = 120;
const LINES = 3;
const PAGES = 0.1;
/** `wheelDelta` of one notch of a wheel that has notches, */
const WHEEL_DELTA = 120;
/** and what such a wheel scrolls: a trackpad's `wheelDelta` is three times its pixels. */
const LEAST_PER_NOTCH = 50;
const MOST_PER_NOTCH = 200;

/** How many notches a wheel event is; right and down positive. */
export function wheelNotches(facts: WheelFacts): { readonly x: number; readonly y: number } {
  const x = notches(facts.deltaX, facts.wheelDeltaX, facts.deltaMode);
  const y = notches(facts.deltaY, facts.wheelDeltaY, facts.deltaMode);
  // This browser turned the wheel for Shift already; the host, where Shift is down too, would again.
  return facts.shiftKey && y === 0 ? { x: 0, y: x } : { x, y };
}

function notches(delta: number, wheelDelta: number | undefined, mode: number): number {
  if (delta === 0) return 0;
  switch (mode) {
    case 1:
      return delta / LINES;
    case 2:
      return delta / PAGES;
    default:
      return wholeNotches(delta, wheelDelta ?? 0) ?? delta / PIXELS;
  }
}

function wholeNotches(pixels: number, wheelDelta: number): number | null {
  const turned = -wheelDelta / WHEEL_DELTA;
  const perNotch = pixels / turned;
  const hasNotches = perNotch >= LEAST_PER_NOTCH && perNotch <= MOST_PER_NOTCH;
  return Number.isInteger(turned) && hasNotches ? turned : null;
}
