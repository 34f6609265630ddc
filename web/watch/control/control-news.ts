import { statusWords } from './control-words.ts';
import { driversOf, standingOf } from './standing.ts';
import type { ControlReading, Driver } from './standing.ts';

/** What changed in a sentence for whoever listens to the page; null: nothing that matters. */
export function newsOf(before: ControlReading, after: ControlReading): string | null {
  if (after.state === null || before.state === null) return null;
  const [was, is] = [standingOf(before), standingOf(after)];
  if (is.kind === 'driving' && was.kind !== 'driving') return 'You have control now.';
  const [had, has] = [driversOf(before.state, 0), driversOf(after.state, 0)];
  const newcomer = has.find((driver) => !had.some(({ viewer }) => viewer === driver.viewer));
  if (newcomer !== undefined) return `${newcomer.name} has control now.`;
  if (is.kind === 'waiting' && is.place === 1 && !(was.kind === 'waiting' && was.place === 1)) {
    return 'You are next.';
  }
  if (is.kind === 'barred' && was.kind !== 'barred') return `${statusWords(after)}.`;
  if (has.length === 0 && had.length > 0) return 'Nobody has control now.';
  return raisedHand(before, after);
}

function raisedHand(before: ControlReading, after: ControlReading): string | null {
  const known = new Set(before.state?.hands.map(({ viewer }) => viewer));
  const raised = after.state?.hands.find(
    ({ viewer }) => !known.has(viewer) && viewer !== after.self?.viewer,
  );
  return raised === undefined ? null : `${raised.name} raised a hand.`;
}

/** How long a driver has yet: `1:05`; null without an end. */
export function timeLeft({ endsAtMs }: Pick<Driver, 'endsAtMs'>, nowMs: number): string | null {
  if (endsAtMs === null) return null;
  const seconds = Math.max(0, Math.ceil((endsAtMs - nowMs) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
