import { useSyncExternalStore } from 'react';
import { UNKNOWN, showDuration } from '../../ui/quantity.ts';
import { clock } from '../core/clock.ts';

/** How long ago something was: `4 min 5 s`, counting. */
export function Since({ atMs }: { readonly atMs: number }) {
  const nowMs = useSyncExternalStore(clock.watch, () => clock.value);
  return <time dateTime={new Date(atMs).toISOString()}>{showDuration(nowMs - atMs)}</time>;
}

/** `21 Nov 2026, 08:05:31`, in the time zone of the reader. */
export function Moment({ atMs }: { readonly atMs: number | null }) {
  if (atMs === null) return UNKNOWN;
  return <time dateTime={new Date(atMs).toISOString()}>{format.format(atMs)}</time>;
}

const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
