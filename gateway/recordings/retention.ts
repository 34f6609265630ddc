import { SPACE } from './causes.ts';
import type { Recording } from './recording.ts';
import { bytesOf } from './recording.ts';

const DAY_MS = 24 * 3600 * 1000;

export interface RetentionRules {
  /** 0: for ever. */
  readonly maxDays: number;
  /** 0: no limit. */
  readonly maxBytes: number;
}

/** What has to go, oldest first, and why: what is too old, then as much as is too much. */
export function overdue(
  recordings: Iterable<Recording>,
  { maxDays, maxBytes }: RetentionRules,
  nowMs: number,
): { readonly recording: Recording; readonly why: string }[] {
  const all = [...recordings];
  const ended = all
    .filter(({ state }) => state === 'ready' || state === 'failed')
    .toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  let bytes = all.reduce((sum, recording) => sum + bytesOf(recording), 0);
  return ended.flatMap((recording) => {
    const old = maxDays > 0 && nowMs - (recording.endedAt ?? nowMs) > maxDays * DAY_MS;
    const much = maxBytes > 0 && bytes > maxBytes;
    if (!old && !much) return [];
    bytes -= bytesOf(recording);
    return [{ recording, why: old ? `Older than ${maxDays} days.` : SPACE }];
  });
}
