import { useState } from 'react';
import type { RoomRecording } from '../../gateway/protocol/room-recording.ts';
import { whyUnrecorded } from './sign-words.ts';
import '../styles/recording-sign.css';

/** Tells everybody that the room is recorded, and that it is no more. Null: not known yet. */
export function RecordingSign({
  recording,
  source,
  isDirect = false,
}: {
  readonly recording: RoomRecording | null;
  /** What this page sends or shows; absent where it shows them all. */
  readonly source?: string;
  readonly isDirect?: boolean;
}) {
  const isOn = recording?.recording === true;
  const [wasOn, setWasOn] = useState(false);
  if (isOn && !wasOn) setWasOn(true);
  const reasons = isOn ? whyUnrecorded(recording, { source, isDirect }) : [];
  return (
    <div className="recording-status" role="status" data-testid="recording-status">
      {isOn && (
        <p className="recording-sign" data-testid="recording-sign">
          <span className="recording-dot" aria-hidden="true" />
          Recording
          <span className="unseen"> this room</span>
        </p>
      )}
      {reasons.map((why) => (
        <p key={why} className="recording-why" data-testid="recording-why">
          {why}
        </p>
      ))}
      {!isOn && wasOn && <p className="unseen">This room is no longer recorded.</p>}
    </div>
  );
}
