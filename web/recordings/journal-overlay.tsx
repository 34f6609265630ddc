import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import type { JournalMoment, JournalTrack, Press } from '../core/recordings/journal-track.ts';
import { pictureBox } from '../core/picture-box.ts';
import type { Box } from '../core/picture-box.ts';
import type { RecordingPlayer } from '../core/recordings/recording-player.ts';
import { useObservable } from '../ui/use-observable.ts';

/** Pointer, clicks, keys and who controls, over the picture that they belong to. */
export function JournalOverlay({
  journal,
  player,
  video,
}: {
  readonly journal: JournalTrack;
  readonly player: RecordingPlayer;
  readonly video: RefObject<HTMLVideoElement | null>;
}) {
  const atMs = useObservable(player.atMs);
  const { source, size } = useObservable(player.state);
  useObservable(journal.loaded);
  const [box, setBox] = useState<Box | null>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null || size === null) return;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      setBox(pictureBox({ width, height }, size, getComputedStyle(element)));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [video, size]);
  const moment = journal.at(source, atMs);
  const { pointer, touches, presses, holders } = moment;
  return (
    <div className="journal" data-testid="journal-overlay" aria-hidden>
      {holders.length > 0 && (
        <p
          className="journal-holders"
          data-testid="journal-holders"
        >{`${holders.join(', ')} in control`}</p>
      )}
      {box !== null && (
        <div className="journal-picture" style={cssOf(box)}>
          {pointer !== null && (
            <span
              className="journal-pointer"
              data-testid="journal-pointer"
              data-buttons={moment.buttons}
              style={placeOf(pointer)}
            />
          )}
          {touches.map((touch) => (
            <span key={touch.id} className="journal-touch" style={placeOf(touch)} />
          ))}
          {presses.map((press) => (
            <Mark key={`${press.at}-${press.kind}`} press={press} />
          ))}
        </div>
      )}
      <KeyLine moment={moment} />
    </div>
  );
}

function Mark({ press }: { readonly press: Press }) {
  if (press.kind !== 'button' || press.place === null) return null;
  return (
    <span
      className="journal-click"
      data-testid="journal-click"
      data-at={press.at}
      style={placeOf(press.place)}
    />
  );
}

/** Which keys, where the journal says so; else that there were some. */
function KeyLine({ moment: { keys, presses } }: { readonly moment: JournalMoment }) {
  const pressed = presses.filter(({ kind }) => kind !== 'button');
  if (keys === 0 && pressed.length === 0) return null;
  const names = pressed.map(({ kind, what }) => what ?? (kind === 'text' ? 'text' : '•'));
  return (
    <p className="journal-keys" data-testid="journal-keys">
      {names.length === 0 ? `${keys} held` : names.join(' ')}
    </p>
  );
}

const cssOf = ({ x, y, width, height }: Box) => ({ left: x, top: y, width, height });
const placeOf = ({ x, y }: { readonly x: number; readonly y: number }) => ({
  left: `${x * 100}%`,
  top: `${y * 100}%`,
});
