import { useEffect, useRef, useState } from 'react';
import type { RecordingLinks, RecordingView } from '../../gateway/protocol/api/recordings.ts';
import { JournalTrack } from '../core/recordings/journal-track.ts';
import { RecordingPlayer } from '../core/recordings/recording-player.ts';
import type { RecordingsApi } from '../core/recordings/recordings-api.ts';
import { TimeLine } from '../core/recordings/time-line.ts';
import { Notice } from '../ui/notice.tsx';
import { useObservable } from '../ui/use-observable.ts';
import { JournalOverlay } from './journal-overlay.tsx';
import { RecordingControls } from './recording-controls.tsx';
import { TimeLineBar } from './time-line-bar.tsx';
import { useRecordingKeys } from './recording-keys.ts';

/** The picture with what was done to it, and what plays it. */
export function RecordingTheatre({
  recording,
  links,
  api,
}: {
  readonly recording: RecordingView;
  readonly links: RecordingLinks;
  readonly api: RecordingsApi;
}) {
  const [timeLine] = useState(() => new TimeLine(recording));
  const [player] = useState(() => new RecordingPlayer(timeLine));
  const [journal] = useState(() => {
    const { journal: link } = links;
    return link === null ? null : new JournalTrack((range) => api.journal(link, range));
  });
  const [showsJournal, setShowsJournal] = useState(journal !== null);
  const stage = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const { source, problem, size, isWaiting, hasEnded } = useObservable(player.state);
  useRecordingKeys(player, stage);
  useEffect(() => player.find(links.parts), [player, links]);
  useEffect(() => (video.current === null ? undefined : player.attach(video.current)), [player]);
  return (
    <section
      className="recording-theatre"
      data-testid="theatre"
      data-ended={hasEnded}
      data-width={size?.width}
      data-height={size?.height}
      ref={stage}
    >
      {timeLine.sources.length > 1 && (
        <fieldset className="row recording-sources">
          <legend className="unseen">Source</legend>
          {timeLine.sources.map((each) => (
            <button
              key={each}
              type="button"
              className="small"
              aria-pressed={each === source}
              data-testid="source"
              onClick={() => player.choose(each)}
            >
              {each}
            </button>
          ))}
        </fieldset>
      )}
      <div className="recording-screen">
        <video
          ref={video}
          playsInline
          preload="auto"
          data-testid="player"
          onClick={() => player.toggle()}
        >
          <track kind="captions" />
        </video>
        {showsJournal && journal !== null && (
          <JournalOverlay journal={journal} player={player} video={video} />
        )}
        {isWaiting && <p className="recording-waiting">Loading</p>}
      </div>
      {problem !== null && <Notice tone="problem">{problem}</Notice>}
      <TimeLineBar player={player} timeLine={timeLine} links={links} />
      <RecordingControls
        player={player}
        timeLine={timeLine}
        stage={stage}
        journal={
          journal === null
            ? null
            : { isShown: showsJournal, toggle: () => setShowsJournal((shown) => !shown) }
        }
      />
    </section>
  );
}
