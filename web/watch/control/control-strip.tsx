import type { ReactNode } from 'react';
import { useSecondsUntil } from '../../ui/use-seconds-until.ts';
import { Icon } from '../../ui/icon.tsx';
import { actionOf } from './control-action.ts';
import type { ControlBoard } from './control-board.ts';
import { timeLeft } from './control-news.ts';
import { statusWords } from './control-words.ts';
import { driversOf } from './standing.ts';
import { useControlReading } from './use-control-reading.ts';

/** Under the picture: who drives and who waits, and what can be done about it. */
export function ControlStrip({
  board,
  peopleShown,
  togglePeople,
  children,
}: {
  readonly board: ControlBoard;
  readonly peopleShown: boolean;
  readonly togglePeople: () => void;
  /** What helps to drive, while this viewer does. */
  readonly children: ReactNode;
}) {
  const { reading, standing } = useControlReading(board);
  const { state } = reading;
  if (standing.kind === 'none' || state === null) return null;
  const action = actionOf(reading);
  const ends = driversOf(state, reading.readAtMs).flatMap(({ endsAtMs }) => endsAtMs ?? []);
  const news = state.handsLength + state.queueLength;
  return (
    <section className="control-strip" aria-label="Control" data-testid="control">
      <p className="control-status" data-standing={standing.kind} data-testid="control-status">
        {statusWords(reading)}
        <TimeLeft endsAtMs={ends.length === 0 ? null : Math.min(...ends)} />
      </p>
      {standing.kind === 'driving' && children}
      <div className="control-actions">
        <button
          type="button"
          className="icon-button"
          aria-label={news > 0 ? `People, ${news} asking` : 'People'}
          title="People"
          aria-expanded={peopleShown}
          data-testid="people-toggle"
          onClick={togglePeople}
        >
          <Icon name="people" />
          {news > 0 && (
            <span className="count" aria-hidden="true">
              {news}
            </span>
          )}
        </button>
        {action !== null && (
          <button
            type="button"
            className={standing.kind === 'driving' ? 'drive release' : 'drive'}
            data-testid="drive"
            title={action.wish === 'request' ? `${action.label} (c)` : action.label}
            onClick={() => void board[action.wish]()}
          >
            {action.label}
          </button>
        )}
      </div>
    </section>
  );
}

/** Beside the status, where whoever drives has an end; no live region, as it changes each second. */
function TimeLeft({ endsAtMs }: { readonly endsAtMs: number | null }) {
  const seconds = useSecondsUntil(endsAtMs);
  if (endsAtMs === null || seconds === null) return null;
  return (
    <span className="time-left" data-testid="time-left">
      {` ${timeLeft({ endsAtMs: seconds * 1000 }, 0) ?? ''} left`}
    </span>
  );
}
