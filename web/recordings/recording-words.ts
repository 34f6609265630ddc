import type { RecordingReason, RecordingState } from '../../gateway/protocol/api/recordings.ts';
import { ApiProblem } from '../../gateway/protocol/api/api-problem.ts';

/** What a state is called. */
export const stateWords: Readonly<Record<RecordingState, string>> = {
  recording: 'Recording',
  processing: 'Being made ready',
  ready: 'Ready',
  failed: 'Failed',
};

/** Why it was made. */
export const reasonWords: Readonly<Record<RecordingReason, string>> = {
  api: 'by API',
  page: 'from a page',
  policy: 'by policy',
};

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `1.2 GB`. */
export function showBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** `1:02:03`, `2:03`. */
export function showClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** Date and time as this browser's people write them. */
export function showMoment(epochMs: number): string {
  return new Date(epochMs).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** A sentence for whatever the API answered. */
export function explain(cause: unknown): string {
  if (!(cause instanceof ApiProblem)) return 'Something went wrong. Load the page again.';
  if (cause.status === 401) return 'Log in, or open this page by a link with a token.';
  if (cause.status === 403) return 'You may not see the recordings of this room.';
  if (cause.status === 404) return 'There is no such recording, or no longer.';
  return cause.message;
}
