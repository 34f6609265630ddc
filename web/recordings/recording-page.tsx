import { useCallback, useState } from 'react';
import type { RecordingLinks, RecordingView } from '../../gateway/protocol/api/recordings.ts';
import type { RecordingsApi } from '../core/recordings/recordings-api.ts';
import { Notice } from '../ui/notice.tsx';
import { usePolled } from '../ui/use-polled.ts';
import { PartList } from './part-list.tsx';
import { RecordingActions } from './recording-actions.tsx';
import { RecordingTheatre } from './recording-theatre.tsx';
import { explain, showBytes, showClock, showMoment } from './recording-words.ts';
import { StateBadge } from './state-badge.tsx';
import { recordingsLink, useRecordingsApi } from './use-recordings-api.ts';
import '../styles/recordings.css';

interface Reading {
  readonly recording: RecordingView | null;
  readonly links: RecordingLinks | null;
  readonly problem: string | null;
}

const REFRESH_MS = 3_000;

/** Plays one recording: its sources, its parts, and what was done to its hosts. */
export function RecordingPage({ id, token }: { readonly id: string; readonly token: string }) {
  const api = useRecordingsApi(token);
  const [read] = useState(() => createReader(api, id));
  const { recording, links, problem } = usePolled(read, REFRESH_MS) ?? NOTHING;
  const [outcome, setOutcome] = useState<string | null>(null);
  const say = useCallback((sentence: string | null) => setOutcome(sentence), []);
  const state = recording?.state ?? (problem === null ? 'loading' : 'failed');
  return (
    <main className="page wide" data-testid="recording-page" data-state={state}>
      <title>{`${recording?.room ?? 'Recording'} · PixelCast`}</title>
      <header className="page-header">
        <h1>{recording?.room ?? 'Recording'}</h1>
        <a href={recordingsLink(token)}>All recordings</a>
      </header>
      {problem !== null && <Notice tone="problem">{problem}</Notice>}
      {outcome !== null && <Notice tone="problem">{outcome}</Notice>}
      {recording !== null && (
        <div className="stack">
          {links !== null && links.parts.length > 0 ? (
            <RecordingTheatre key={playableOf(recording)} {...{ recording, links, api }} />
          ) : (
            <Notice tone="calm">{WHY_NOTHING[recording.state]}</Notice>
          )}
          <div className="recording-facts" data-testid="facts">
            <StateBadge state={recording.state} />
            <p className="hint">
              {`${showMoment(recording.startedAt)} · ${showClock(recording.durationMs)} · ${showBytes(recording.bytes)} · ${recording.startedBy}`}
            </p>
            {recording.detail !== '' && <p className="hint">{recording.detail}</p>}
          </div>
          <RecordingActions recording={recording} api={api} token={token} say={say} />
          <PartList parts={recording.parts} links={links} />
        </div>
      )}
    </main>
  );
}

const NOTHING: Reading = { recording: null, links: null, problem: null };

const WHY_NOTHING: Readonly<Record<RecordingView['state'], string>> = {
  recording:
    'It is being recorded. Parts can be played once their publisher has left, or it is stopped.',
  processing: 'It is being made ready to play.',
  ready: 'Nothing was published while it was recorded.',
  failed: 'There is nothing to play.',
};

/** A player is made anew when more can be played. */
const playableOf = ({ parts }: RecordingView): string =>
  parts.flatMap(({ id, state }) => (state === 'ready' ? [id] : [])).join();

/** Asks for links once for each part that became ready, and anew before they expire. */
function createReader(api: RecordingsApi, id: string): () => Promise<Reading> {
  let last = NOTHING;
  return async () => {
    try {
      const recording = await api.get(id);
      const ready = recording.parts.filter(({ state }) => state === 'ready').length;
      const { links } = last;
      const isFresh = links !== null && links.expiresAt - Date.now() > RENEW_MS;
      const isWhole = links?.parts.length === ready;
      const fresh = isFresh && isWhole ? links : await api.links(recording.id);
      last = { recording, links: fresh, problem: null };
    } catch (cause) {
      last = { ...last, problem: explain(cause) };
    }
    return last;
  };
}

const RENEW_MS = 600_000;
