import { useCallback, useState } from 'react';
import { getSessionDiary } from '../../../gateway/protocol/api/diagnosis.ts';
import { getSession } from '../../../gateway/protocol/api/sessions.ts';
import type { SessionDetail, SessionView } from '../../../gateway/protocol/api/sessions.ts';
import type { SessionDiary } from '../../../gateway/protocol/diary.ts';
import type { SessionId } from '../../../gateway/protocol/ids.ts';
import { diaryEntries } from '../../core/diary-entries.ts';
import { DiaryList } from '../../diary/diary-list.tsx';
import { FigureList } from '../../ui/figure-list.tsx';
import { UNKNOWN, showDuration } from '../../ui/quantity.ts';
import { endReasonWords, transportWords } from '../admin-words.ts';
import { useConsole, useLive } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { qualityFigures } from '../quality-figures.ts';
import { readingState } from '../core/reading.ts';
import { Badge } from '../parts/badge.tsx';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import type { Question } from '../parts/confirm.tsx';
import { Facts } from '../parts/facts.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { SessionBadge } from '../parts/session-columns.tsx';
import { Moment, Since } from '../parts/time.tsx';
import { useKick } from '../use-kick.tsx';

/** One session: who it is, how its picture came about, how it fares. */
export function SessionPage({ id }: { readonly id: string }) {
  const { api, explain } = useConsole();
  const [question, setQuestion] = useState<Question | null>(null);
  const [session] = useState(() => id as SessionId);
  const read = useCallback(async () => {
    const params = { id: session };
    const [view, diary] = await Promise.all([
      api.call(getSession, { params }).catch((cause: unknown) => {
        if (explain(cause).code === 'session-not-found') return null;
        throw cause;
      }),
      api.call(getSessionDiary, { params }),
    ]);
    return { view, diary };
  }, [api, explain, session]);
  const live = useLive(read, ['session'], 2_000);
  const kick = useKick();
  const view = live.reading.kind === 'read' ? live.reading.value.view : null;
  return (
    <PageFrame
      title={view?.subject ?? 'Session'}
      testId="session-page"
      state={readingState(live.reading)}
      back={{ to: consolePath('sessions'), name: 'Sessions' }}
      actions={
        view !== null && (
          <button
            type="button"
            className="danger"
            data-testid="kick"
            onClick={() => setQuestion(kick(view))}
          >
            Kick
          </button>
        )
      }
    >
      <ReadingView live={live}>
        {({ diary }) => (
          <div className="columns">
            {view === null ? <EndedFacts diary={diary} /> : <SessionFacts view={view} />}
            {view !== null && <Quality session={view} />}
            <Card title="Way to the picture" hint="Counted from the request, in milliseconds.">
              <DiaryList entries={diaryEntries(diary.entries, null)} problem={diary.problem} />
            </Card>
          </div>
        )}
      </ReadingView>
      <Confirm question={question} onEnd={() => setQuestion(null)} />
    </PageFrame>
  );
}

function SessionFacts({ view }: { readonly view: SessionView }) {
  return (
    <Card title="Session" testId="session-facts" actions={<SessionBadge session={view} />}>
      <Facts
        facts={[
          ['Does', view.kind === 'publish' ? 'shares' : 'watches'],
          [
            'Room',
            <PageLink key="room" to={consolePath('rooms', view.room)}>
              {view.room}
            </PageLink>,
          ],
          ['Source', view.source],
          ['Since', <Moment key="since" atMs={view.startedAt} />],
          ['For', <Since key="for" atMs={view.liveAt ?? view.startedAt} />],
          ['By', transportWords[view.transport]],
          ['Media server', view.transport === 'webrtc' ? view.node : UNKNOWN],
          ['Address', view.address || UNKNOWN],
          ['Token', view.jti ?? UNKNOWN],
          ['Session id', view.id],
        ]}
      />
    </Card>
  );
}

function EndedFacts({ diary }: { readonly diary: SessionDiary }) {
  const { kind, room, source, beganAt, endedAtMs, endReason } = diary;
  return (
    <Card title="Session" testId="session-facts" actions={<Badge tone="plain">ended</Badge>}>
      <Facts
        facts={[
          ['Did', kind === 'publish' ? 'shared' : 'watched'],
          [
            'Room',
            <PageLink key="room" to={consolePath('rooms', room)}>
              {room}
            </PageLink>,
          ],
          ['Source', source],
          ['Since', <Moment key="since" atMs={beganAt} />],
          ['For', endedAtMs === null ? UNKNOWN : showDuration(endedAtMs)],
          ['Why it ended', endReason === null ? UNKNOWN : endReasonWords[endReason]],
        ]}
      />
    </Card>
  );
}

function Quality({ session: { kind, subject, quality } }: { readonly session: SessionDetail }) {
  if (kind === 'publish') return null;
  return (
    <Card title="What the player reports" testId="quality">
      {quality === null ? (
        <p className="hint">It has told nothing yet.</p>
      ) : (
        <FigureList label={`What ${subject} sees`} figures={qualityFigures(quality)} />
      )}
    </Card>
  );
}
