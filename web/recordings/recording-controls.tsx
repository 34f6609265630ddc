import type { RefObject } from 'react';
import { RATES } from '../core/recordings/recording-player.ts';
import type { RecordingPlayer } from '../core/recordings/recording-player.ts';
import type { TimeLine } from '../core/recordings/time-line.ts';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import { useObservable } from '../ui/use-observable.ts';
import { showClock } from './recording-words.ts';

/** Play, seek, speed, sound, full screen, and whether the journal is shown. */
export function RecordingControls({
  player,
  timeLine,
  stage,
  journal,
}: {
  readonly player: RecordingPlayer;
  readonly timeLine: TimeLine;
  readonly stage: RefObject<HTMLElement | null>;
  readonly journal: { readonly isShown: boolean; readonly toggle: () => void } | null;
}) {
  const { isPlaying, isMuted, rate } = useObservable(player.state);
  const atMs = useObservable(player.atMs);
  return (
    <div className="recording-controls">
      <Tool
        icon={isPlaying ? 'pause' : 'play'}
        words={isPlaying ? 'Pause (k)' : 'Play (k)'}
        testId="play"
        act={() => player.toggle()}
      />
      <Tool
        icon="back"
        words="Back 10 seconds (j)"
        testId="back"
        act={() => player.seekBy(-10_000)}
      />
      <Tool
        icon="forward"
        words="Forward 10 seconds (l)"
        testId="forward"
        act={() => player.seekBy(10_000)}
      />
      <Tool
        icon={isMuted ? 'muted' : 'sound'}
        words={isMuted ? 'Unmute (m)' : 'Mute (m)'}
        testId="mute"
        act={() => player.toggleMute()}
      />
      <p className="recording-clock" data-testid="clock" data-at={Math.round(atMs)}>
        {`${showClock(atMs)} / ${showClock(timeLine.durationMs)}`}
      </p>
      <label className="recording-rate">
        <span className="unseen">Speed</span>
        <select
          value={rate}
          data-testid="rate"
          onChange={(event) => player.setRate(Number(event.currentTarget.value))}
        >
          {RATES.map((each) => (
            <option key={each} value={each}>{`${each} ×`}</option>
          ))}
        </select>
      </label>
      {journal !== null && (
        <button
          type="button"
          className="tool"
          aria-pressed={journal.isShown}
          title="What was done"
          data-testid="journal"
          onClick={journal.toggle}
        >
          <Icon name="aim" />
          <span className="unseen">Show what was done</span>
        </button>
      )}
      <Tool
        icon="fill"
        words="Full screen (f)"
        testId="fullscreen"
        act={() => toggleFullscreen(stage.current)}
      />
    </div>
  );
}

function Tool({
  icon,
  words,
  testId,
  act,
}: {
  readonly icon: IconName;
  readonly words: string;
  readonly testId: string;
  readonly act: () => void;
}) {
  return (
    <button type="button" className="tool" title={words} data-testid={testId} onClick={act}>
      <Icon name={icon} />
      <span className="unseen">{words}</span>
    </button>
  );
}

/** The element fills the screen, or does so no more. */
export function toggleFullscreen(element: HTMLElement | null): void {
  const work =
    document.fullscreenElement === null ? element?.requestFullscreen() : document.exitFullscreen();
  void work?.catch(() => undefined);
}
