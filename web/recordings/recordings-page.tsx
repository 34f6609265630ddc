import { useCallback, useState } from 'react';
import type { RecordingView } from '../../gateway/protocol/api/recordings.ts';
import { CardPictures } from '../core/recordings/card-pictures.ts';
import { Notice } from '../ui/notice.tsx';
import { usePolled } from '../ui/use-polled.ts';
import { RecordingCard } from './recording-card.tsx';
import { explain } from './recording-words.ts';
import { useRecordingsApi } from './use-recordings-api.ts';
import '../styles/recordings.css';

interface Listing {
  readonly items: readonly RecordingView[];
  readonly next: string | null;
  readonly total: number;
  readonly problem: string | null;
}

const REFRESH_MS = 5_000;

/** The recordings of the rooms that somebody may steer, newest first. */
export function RecordingsPage({ token }: { readonly token: string }) {
  const api = useRecordingsApi(token);
  const [pictures] = useState(() => new CardPictures(api));
  const [text, setText] = useState('');
  const [pages, setPages] = useState(1);
  const read = useCallback(async (): Promise<Listing> => {
    const items: RecordingView[] = [];
    let [cursor, total]: [string | null, number] = [null, 0];
    try {
      for (let page = 0; page < pages; page += 1) {
        const answer = await api.list({ text, cursor });
        items.push(...answer.items);
        [cursor, total] = [answer.next, answer.total];
        if (cursor === null) break;
      }
      await pictures.find(items);
      return { items, next: cursor, total, problem: null };
    } catch (cause) {
      return { items, next: null, total, problem: explain(cause) };
    }
  }, [api, pictures, text, pages]);
  const listing = usePolled(read, REFRESH_MS);
  const state = listing === null ? 'loading' : listing.problem === null ? 'ready' : 'failed';
  return (
    <main className="page wide" data-testid="recordings" data-state={state}>
      <title>Recordings · PixelCast</title>
      <header className="page-header">
        <h1>Recordings</h1>
        <p className="hint" role="status">
          {listing === null ? 'Loading' : countWords(listing.total)}
        </p>
      </header>
      <search className="recordings-search">
        <label>
          Search rooms and people
          <input
            type="search"
            maxLength={100}
            value={text}
            data-testid="search"
            onChange={(event) => {
              setText(event.currentTarget.value);
              setPages(1);
            }}
          />
        </label>
      </search>
      {listing?.problem != null && <Notice tone="problem">{listing.problem}</Notice>}
      {listing?.problem === null && listing.items.length === 0 && (
        <Notice tone="calm">
          {text === ''
            ? 'Nothing was recorded yet. Whoever may steer a room starts a recording on its share or watch page.'
            : 'No recording matches.'}
        </Notice>
      )}
      <ul className="recording-list">
        {listing?.items.map((recording) => (
          <RecordingCard
            key={recording.id}
            recording={recording}
            picture={pictures.of(recording.id)}
            token={token}
          />
        ))}
      </ul>
      {listing?.next != null && (
        <button type="button" data-testid="more" onClick={() => setPages(pages + 1)}>
          More
        </button>
      )}
    </main>
  );
}

const countWords = (total: number): string => (total === 1 ? '1 recording' : `${total} recordings`);
