import type { StatsEntry } from './stats-entry.ts';

const NTP_TO_UNIX_MS = 2_208_988_800_000;
const LONGEST_PLAUSIBLE_MS = 10_000;

/** Capture to screen by the sender's clock and ours; null where the browser does not tell. */
export function latencyByClock(entry: StatsEntry | undefined, atMs: number): number | null {
  const playoutNtpMs = entry?.number('estimatedPlayoutTimestamp');
  return playoutNtpMs == null ? null : plausible(atMs - (playoutNtpMs - NTP_TO_UNIX_MS));
}

/** Only right when both machines' clocks agree; nonsense is left out. */
export const plausible = (latencyMs: number | null): number | null =>
  latencyMs !== null && latencyMs > 0 && latencyMs < LONGEST_PLAUSIBLE_MS ? latencyMs : null;
