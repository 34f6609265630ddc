import { useCallback, useState } from 'react';
import {
  deleteRecording,
  listRecordings,
  stopRecording,
} from '../../../gateway/protocol/api/recordings.ts';
import type { RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { showDuration } from '../../ui/quantity.ts';
import { useAddressQuery, useConsole } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { readingState } from '../core/reading.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Badge } from '../parts/badge.tsx';
import { Confirm } from '../parts/confirm.tsx';
import type { Question } from '../parts/confirm.tsx';
import type { Column } from '../parts/data-table.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { PageList } from '../parts/page-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Moment } from '../parts/time.tsx';
import { recordingNames, recordingTones, showBytes } from '../recording-words.ts';
import { useAct } from '../use-act.ts';
import { usePaged } from '../use-paged.ts';
import type { PageAt } from '../use-paged.ts';

/** What was recorded, and what is being recorded now. */
export function RecordingsPage() {
  const { api, history } = useConsole();
  const [asked, ask] = useAddressQuery();
  const [question, setQuestion] = useState<Question | null>(null);
  const act = useAct();
  const q = asked.get('q') ?? '';
  const read = useCallback(
    (at: PageAt) => api.call(listRecordings, { query: { ...at, ...(q === '' ? {} : { q }) } }),
    [api, q],
  );
  const paged = usePaged(read, ['recording']);
  const { refresh } = paged.live;
  const stop = async ({ id, room }: RecordingView) => {
    await act(() => api.call(stopRecording, { params: { id } }), `${room} is recorded no more.`);
    await refresh();
  };
  const remove = ({ id, room }: RecordingView): Question => ({
    title: `Delete the recording of ${room}?`,
    text: <p>All its files are deleted. They cannot be brought back.</p>,
    action: 'Delete',
    act: async () => {
      await act(() => api.call(deleteRecording, { params: { id } }), 'The recording was deleted.');
      await refresh();
    },
  });
  return (
    <PageFrame
      title="Recordings"
      testId="recordings-page"
      state={readingState(paged.live.reading)}
      lead="Recording begins on the page of a room, or by the settings."
    >
      <PageList<RecordingView>
        paged={paged}
        label="Recordings"
        testId="recordings"
        columns={columnsFor({
          link: (id) => history.link(`/recordings/${id}`),
          onStop: stop,
          onDelete: (recording) => setQuestion(remove(recording)),
        })}
        keyOf={({ id }) => id}
        marksOf={({ id }) => ({ 'data-recording': id })}
        empty={q === '' ? 'Nothing was recorded.' : 'No recording is like that.'}
        filters={
          <SearchField
            label="Search room or person"
            value={q}
            onSearch={(text) => ask({ q: text })}
          />
        }
      />
      <Confirm question={question} onEnd={() => setQuestion(null)} />
    </PageFrame>
  );
}

const columnsFor = (on: {
  readonly link: (id: string) => string;
  readonly onStop: (recording: RecordingView) => Promise<void>;
  readonly onDelete: (recording: RecordingView) => void;
}): readonly Column<RecordingView>[] => [
  {
    key: 'room',
    title: 'Room',
    kind: 'head',
    cell: ({ room }) => <PageLink to={consolePath('rooms', room)}>{room}</PageLink>,
  },
  {
    key: 'state',
    title: 'State',
    cell: ({ state }) => <Badge tone={recordingTones[state]}>{recordingNames[state]}</Badge>,
  },
  {
    key: 'began',
    title: 'Began',
    kind: 'number',
    cell: ({ startedAt }) => <Moment atMs={startedAt} />,
  },
  {
    key: 'length',
    title: 'Length',
    kind: 'number',
    cell: ({ durationMs }) => showDuration(durationMs),
  },
  { key: 'bytes', title: 'Size', kind: 'number', cell: ({ bytes }) => showBytes(bytes) },
  {
    key: 'parts',
    title: 'Sources',
    cell: ({ parts }) => [...new Set(parts.map(({ source }) => source))].join(', '),
  },
  {
    key: 'by',
    title: 'Begun by',
    cell: ({ startedBy, reason }) => (reason === 'policy' ? 'the settings' : startedBy),
  },
  { key: 'detail', title: 'Remark', cell: ({ detail }) => detail },
  {
    key: 'action',
    title: 'Action',
    kind: 'action',
    cell: (recording) => (
      <>
        {recording.state === 'recording' ? (
          <ActButton
            testId="stop-recording"
            label={`Stop recording ${recording.room}`}
            act={() => on.onStop(recording)}
          >
            Stop
          </ActButton>
        ) : (
          <a
            className="button small"
            href={on.link(recording.id)}
            aria-label={`Play the recording of ${recording.room}`}
          >
            Play
          </a>
        )}
        <button
          type="button"
          className="small danger"
          data-testid="delete-recording"
          aria-label={`Delete the recording of ${recording.room}`}
          onClick={() => on.onDelete(recording)}
        >
          Delete
        </button>
      </>
    ),
  },
];
