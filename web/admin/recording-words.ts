import type { RecordingState } from '../../gateway/protocol/api/recordings.ts';

/** How a recording stands. */
export const recordingNames: Record<RecordingState, string> = {
  recording: 'recording',
  processing: 'being made ready',
  ready: 'ready',
  failed: 'failed',
};

export const recordingTones: Record<RecordingState, 'good' | 'bad' | 'warm' | 'plain'> = {
  recording: 'warm',
  processing: 'plain',
  ready: 'good',
  failed: 'bad',
};

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `12.4 MB`, `980 kB`. */
export function showBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${value.toFixed(unit >= 2 && value < 100 ? 1 : 0)} ${UNITS[unit] ?? ''}`;
}
