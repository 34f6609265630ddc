import { useState } from 'react';
import type { RoomView } from '../../../gateway/protocol/api/rooms.ts';
import { RecordingControl } from '../../core/recordings/recording-control.ts';
import { RecordingsApi } from '../../core/recordings/recordings-api.ts';
import { RecordingButton, RecordingProblemNotice } from '../../recordings/recording-button.tsx';
import { RecordingSign } from '../../recordings/recording-sign.tsx';
import { useConsole } from '../console-context.ts';

/** Whether a room is recorded, and the means to change that. */
export function RoomRecording({
  view,
  readRoom,
}: {
  readonly view: RoomView;
  readonly readRoom: () => Promise<RoomView>;
}) {
  const { port, token } = useConsole();
  const [control] = useState(() => {
    const api = new RecordingsApi(port, { origin: location.origin, token });
    return new RecordingControl({
      ...{ room: view.room, readRoom },
      loadApi: () => Promise.resolve(api),
    });
  });
  return (
    <section className="stack" aria-label="Recording" data-testid="room-recording">
      <div className="row">
        <RecordingButton control={control} isRecording={view.recording} look="words" />
        <RecordingSign recording={view} />
      </div>
      <RecordingProblemNotice control={control} />
    </section>
  );
}
