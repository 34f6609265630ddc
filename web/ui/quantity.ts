/** Shown where a browser does not tell a figure. */
export const UNKNOWN = '–';

/** `2.4 Mbit/s`, `640 kbit/s`. */
export function showBitrate(bps: number | null): string {
  if (bps === null) return UNKNOWN;
  return bps >= 999_500
    ? `${(bps / 1_000_000).toFixed(1)} Mbit/s`
    : `${Math.round(bps / 1000)} kbit/s`;
}

/** `18 ms`. */
export function showMilliseconds(ms: number | null): string {
  return ms === null ? UNKNOWN : `${Math.round(ms)} ms`;
}

/** `1280 × 720`. */
export function showSize(width: number | null, height: number | null): string {
  return width === null || height === null ? UNKNOWN : `${width} × ${height}`;
}

/** `0.4 %`. */
export function showFraction(fraction: number | null): string {
  return fraction === null ? UNKNOWN : `${(fraction * 100).toFixed(1)} %`;
}

/** A whole number. */
export function showCount(count: number | null): string {
  return count === null ? UNKNOWN : String(Math.round(count));
}

/** `3 h 12 min`, `4 min 5 s`, `9 s`. */
export function showDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
