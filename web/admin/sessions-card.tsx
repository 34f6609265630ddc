import { useCallback, useId, useState } from 'react';
import type { SessionView } from '../../gateway/protocol/api.ts';
import { diaryEntries } from '../core/diary-entries.ts';
import type { DiaryApi } from '../core/diary-api.ts';
import { DiaryList } from '../diary/diary-list.tsx';
import { usePolled } from '../ui/use-polled.ts';
import { SessionsTable } from './overview-tables.tsx';

/** Every session, and the diary of one of them. */
export function SessionsCard({
  sessions,
  nowMs,
  diaries,
  onKick,
}: {
  readonly sessions: readonly SessionView[];
  readonly nowMs: number;
  readonly diaries: DiaryApi;
  readonly onKick: (session: SessionView) => void;
}) {
  const [shown, setShown] = useState<SessionView | null>(null);
  const panelId = useId();
  return (
    <SessionsTable
      sessions={sessions}
      nowMs={nowMs}
      shownId={shown?.id ?? null}
      panelId={panelId}
      onDiary={(session) => setShown(session.id === shown?.id ? null : session)}
      onKick={onKick}
    >
      <div id={panelId}>
        {shown !== null && <Diary key={shown.id} session={shown} diaries={diaries} />}
      </div>
    </SessionsTable>
  );
}

function Diary({ session, diaries }: { session: SessionView; diaries: DiaryApi }) {
  const read = useCallback(() => diaries.readById(session.id), [diaries, session]);
  const diary = usePolled(read, 2000);
  if (diary === null) return null;
  return (
    <section className="diary-panel" aria-label={`Diary of ${session.subject}`}>
      <h3>{`Diary of ${session.subject} in ${session.room}`}</h3>
      <DiaryList entries={diaryEntries(diary.entries, null)} problem={diary.problem} />
    </section>
  );
}
