import { useCallback, useState } from 'react';
import { getRoom } from '../../../gateway/protocol/api/rooms.ts';
import { listSessions } from '../../../gateway/protocol/api/sessions.ts';
import type { RoomId } from '../../../gateway/protocol/ids.ts';
import { useConsole, useLive } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { readingState } from '../core/reading.ts';
import { Confirm } from '../parts/confirm.tsx';
import type { Question } from '../parts/confirm.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageList } from '../parts/page-list.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { FreeName } from '../parts/free-name.tsx';
import { RoomRecording } from '../parts/room-recording.tsx';
import { RoomHosts } from '../parts/room-hosts.tsx';
import { SourceCard } from '../parts/source-card.tsx';
import { sessionColumns, sessionMarks } from '../parts/session-columns.tsx';
import { useKick } from '../use-kick.tsx';
import { usePaged } from '../use-paged.ts';
import type { PageAt } from '../use-paged.ts';

/** One room: what is shared there, by whom, who watches, who controls. */
export function RoomPage({ name }: { readonly name: string }) {
  const { api } = useConsole();
  const [question, setQuestion] = useState<Question | null>(null);
  const [room] = useState(() => name as RoomId);
  const readRoom = useCallback(() => api.call(getRoom, { params: { room } }), [api, room]);
  const readSessions = useCallback(
    (at: PageAt) => api.call(listSessions, { query: { ...at, room, order: 'newest' } }),
    [api, room],
  );
  const live = useLive(readRoom, ['room', 'source', 'session', 'host', 'recording']);
  const paged = usePaged(readSessions, ['session']);
  const kick = useKick();
  return (
    <PageFrame
      title={name}
      testId="room-page"
      state={readingState(live.reading)}
      back={{ to: consolePath('rooms'), name: 'Rooms' }}
    >
      <ReadingView live={live}>
        {(view) => (
          <>
            <RoomRecording view={view} readRoom={readRoom} />
            {view.sources.length === 0 && (view.hosts ?? []).length === 0 && (
              <p className="empty card">Nobody is in this room now.</p>
            )}
            <div className="columns">
              {view.sources.map((source) => (
                <SourceCard key={source.source} room={room} source={source} ask={setQuestion} />
              ))}
            </div>
            <FreeName room={room} ask={setQuestion} />
            {(view.hosts ?? []).length > 0 && <RoomHosts room={room} ask={setQuestion} />}
          </>
        )}
      </ReadingView>
      <PageList
        paged={paged}
        label="Sessions in this room"
        testId="room-sessions"
        columns={sessionColumns({ inRoom: true, onKick: (session) => setQuestion(kick(session)) })}
        keyOf={({ id }) => id}
        marksOf={sessionMarks}
        empty="Nobody shares or watches."
      />
      <Confirm question={question} onEnd={() => setQuestion(null)} />
    </PageFrame>
  );
}
