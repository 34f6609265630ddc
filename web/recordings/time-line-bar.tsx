import { useState } from 'react';
import type { PointerEvent } from 'react';
import type { RecordingLinks } from '../../gateway/protocol/api/recordings.ts';
import type { RecordingPlayer } from '../core/recordings/recording-player.ts';
import { thumbnailAt } from '../core/recordings/time-line.ts';
import type { TimeLine } from '../core/recordings/time-line.ts';
import { useObservable } from '../ui/use-observable.ts';
import { showClock } from './recording-words.ts';

/** Where it plays, what there is of each source, and a small picture where the pointer rests. */
export function TimeLineBar({
  player,
  timeLine,
  links,
}: {
  readonly player: RecordingPlayer;
  readonly timeLine: TimeLine;
  readonly links: RecordingLinks;
}) {
  const atMs = useObservable(player.atMs);
  const { source } = useObservable(player.state);
  const [hover, setHover] = useState<number | null>(null);
  const { durationMs } = timeLine;
  const share = (ms: number): string => `${durationMs === 0 ? 0 : (ms / durationMs) * 100}%`;
  const point = (event: PointerEvent<HTMLElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setHover(Math.min(1, Math.max(0, (event.clientX - left) / width)) * durationMs);
  };
  return (
    <div className="time-line">
      <div className="time-line-slider" onPointerMove={point} onPointerLeave={() => setHover(null)}>
        {hover !== null && (
          <Glance ms={hover} left={share(hover)} {...{ source, timeLine, links }} />
        )}
        <input
          type="range"
          min={0}
          max={Math.max(1, Math.round(durationMs))}
          step={100}
          value={Math.round(atMs)}
          aria-label="Position"
          aria-valuetext={showClock(atMs)}
          data-testid="position"
          onChange={(event) => player.seek(Number(event.currentTarget.value))}
        />
      </div>
      {timeLine.sources.map((each) => (
        <ol className="chapters" key={each} aria-label={`Parts of ${each}`}>
          {timeLine.chaptersOf(each).map(({ part, from, to }) => (
            <li key={part.id} style={{ left: share(from), width: share(to - from) }}>
              <button
                type="button"
                aria-current={each === source && atMs >= from && atMs < to}
                aria-label={`${each} from ${showClock(from)} to ${showClock(to)}`}
                data-testid="chapter"
                onClick={() => {
                  player.choose(each);
                  player.seek(from);
                }}
              >
                {each}
              </button>
            </li>
          ))}
        </ol>
      ))}
    </div>
  );
}

function Glance({
  ms,
  left,
  source,
  timeLine,
  links,
}: {
  readonly ms: number;
  readonly left: string;
  readonly source: string;
  readonly timeLine: TimeLine;
  readonly links: RecordingLinks;
}) {
  const chapter = timeLine.at(source, ms);
  const number = chapter === null || chapter.from > ms ? null : thumbnailAt(chapter, ms);
  const link = links.parts.find(({ id }) => id === chapter?.part.id);
  return (
    <div className="time-line-glance" style={{ left }} data-testid="glance">
      {number !== null && link !== undefined && (
        <img src={link.thumbnails.replace(':n', String(number))} alt="" width={160} height={90} />
      )}
      <span>{showClock(ms)}</span>
    </div>
  );
}
