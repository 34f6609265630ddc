/** Most thumbnails of a part. */
export const MOST_THUMBNAILS = 100;
/** Key frames of recordings are seldom nearer to each other, milliseconds. */
const LEAST_INTERVAL_MS = 2_000;

/** How far a part's thumbnails are apart, milliseconds: number n is of n times this. */
export function thumbnailIntervalMs(durationMs: number): number {
  return Math.max(LEAST_INTERVAL_MS, Math.ceil(durationMs / MOST_THUMBNAILS / 1000) * 1000);
}
