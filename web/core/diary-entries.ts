import type { SessionDiary } from '../../gateway/protocol/diary.ts';
import type { JoinSteps } from './join-steps.ts';

export type DiaryEntry = SessionDiary['entries'][number];

const ORDER = ['auth', 'route', 'answer', 'stun', 'dtls', 'rtp', 'frame'] as const;

/** What the gateway knows of a session, with what this page saw and could not tell it yet. */
export function diaryEntries(
  known: readonly DiaryEntry[],
  own: JoinSteps | null,
): readonly DiaryEntry[] {
  const seen = ORDER.flatMap((step): DiaryEntry[] => {
    const atMs = step in (own ?? {}) ? own?.[step as 'stun' | 'dtls' | 'rtp' | 'frame'] : null;
    return atMs == null ? [] : [{ step, by: 'player', atMs }];
  });
  const told = known.filter(({ by }) => by !== 'player' || own === null);
  return ORDER.flatMap((step) => [...told, ...seen].filter((entry) => entry.step === step));
}

/** The first step that nobody saw: where the way ended; null: a picture came. */
export function missingStep(entries: readonly DiaryEntry[]): DiaryEntry['step'] | null {
  const last = ORDER.findLastIndex((step) => entries.some((entry) => entry.step === step));
  return ORDER[last + 1] ?? null;
}
