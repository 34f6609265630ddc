import { failed, passed } from './finding.ts';
import type { Finding } from './finding.ts';

/** A minute is what credentials with an end forgive at most. */
const TOLERATED_MS = 60_000;

/** When the gateway was asked for its time, when the answer came (this clock), and what it said. */
export interface ClockReading {
  readonly askedAtMs: number;
  readonly heardAtMs: number;
  readonly gatewayMs: number;
}

/** How much this clock is ahead of the gateway's, in ms. */
export const clockAhead = ({ askedAtMs, heardAtMs, gatewayMs }: ClockReading): number =>
  Math.round((askedAtMs + heardAtMs) / 2 - gatewayMs);

export function judgeClock(reading: ClockReading): Finding {
  const aheadMs = clockAhead(reading);
  const details = [`${aheadMs} ms ahead of the server’s`];
  if (Math.abs(aheadMs) <= TOLERATED_MS) {
    return passed('clock', 'The clocks agree.', { details });
  }
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  const sentence = `This machine’s clock is ${minutes} min ${aheadMs > 0 ? 'ahead' : 'behind'}.`;
  return failed('clock', sentence, { details });
}
