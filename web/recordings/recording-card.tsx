import type { RecordingView } from '../../gateway/protocol/api/recordings.ts';
import { StateBadge } from './state-badge.tsx';
import { reasonWords, showBytes, showClock, showMoment } from './recording-words.ts';
import { recordingLink } from './use-recordings-api.ts';

/** One recording of the list. */
export function RecordingCard({
  recording,
  picture,
  token,
}: {
  readonly recording: RecordingView;
  /** Address of a thumbnail; null: there is none. */
  readonly picture: string | null;
  readonly token: string;
}) {
  const { id, room, startedAt, startedBy, reason, bytes, durationMs, parts, detail } = recording;
  const sources = [...new Set(parts.map(({ source }) => source))];
  return (
    <li className="recording-card" data-testid="recording" data-recording={id}>
      <a href={recordingLink(id, token)} className="recording-picture" tabIndex={-1} aria-hidden>
        {picture === null ? null : <img src={picture} alt="" width={240} height={136} />}
        <span className="recording-length">{showClock(durationMs)}</span>
      </a>
      <div className="recording-facts">
        <h2>
          <a href={recordingLink(id, token)}>{room}</a>
        </h2>
        <StateBadge state={recording.state} />
        <p className="hint">
          <time dateTime={new Date(startedAt).toISOString()}>{showMoment(startedAt)}</time>
          {` · ${showBytes(bytes)} · ${startedBy} ${reasonWords[reason]}`}
        </p>
        {sources.length > 0 && <p className="hint">{sources.join(', ')}</p>}
        {detail !== '' && <p className="hint">{detail}</p>}
      </div>
    </li>
  );
}
