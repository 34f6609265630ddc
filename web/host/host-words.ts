import type { EncodedPicture, Fixed, HostState } from '../../gateway/protocol/host.ts';
import { explainProblem } from '../core/problem.ts';
import type { SessionProblem } from '../core/problem.ts';
import { UNKNOWN } from '../ui/quantity.ts';
import type { TuningField } from './tuning-choices.ts';

/** What an operator may fix, as labels. */
export const fieldNames: Record<TuningField, string> = {
  bitrateKbps: 'Bitrate',
  fps: 'Frames per second',
  size: 'Picture',
  content: 'Content',
};

export const stateNames: Record<HostState, string> = {
  idle: 'starts when watched',
  starting: 'starting',
  live: 'live',
  failed: 'failed',
};

const kinds: Readonly<Record<string, string>> = {
  cube: 'Rotating cube',
  desktop: 'Desktop',
  window: 'Window',
  test: 'Test pattern',
  file: 'File',
  camera: 'Camera',
};

/** What a host shares, for people; a kind of a later host stands for itself. */
export function showKind(kind: string): string {
  return kinds[kind] ?? kind;
}

/** `x264enc, H264`. */
export function showEncoder(encoder: string | null, codec: string | null): string {
  return [encoder, codec].filter((part) => part !== null).join(', ') || UNKNOWN;
}

/** `1280 × 720, 30 fps`. */
export function showPicture(picture: EncodedPicture | null): string {
  return picture === null ? UNKNOWN : `${picture.width} × ${picture.height}, ${picture.fps} fps`;
}

/** Which fields an operator has fixed; null when none. */
export function showFixed(fixed: Fixed): string | null {
  const names = Object.entries(fieldNames)
    .filter(([field]) => fixed[field as TuningField] !== null)
    .map(([, name]) => name);
  return names.length === 0 ? null : names.join(', ');
}

/** Why a host was not tuned, in its own words where it has some. */
export function explainTuning(problem: SessionProblem): string {
  if (problem.code === 'not-found') return 'The host is away.';
  if (problem.code === 'scope-insufficient') return 'This link does not allow this.';
  return problem.detail !== '' && problem.status !== null
    ? problem.detail
    : explainProblem(problem, 'watch');
}
