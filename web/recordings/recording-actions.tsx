import { useRef } from 'react';
import type { RecordingView } from '../../gateway/protocol/api/recordings.ts';
import type { RecordingsApi } from '../core/recordings/recordings-api.ts';
import { explain } from './recording-words.ts';
import { recordingsLink } from './use-recordings-api.ts';

/** Stop and delete. */
export function RecordingActions({
  recording,
  api,
  token,
  say,
}: {
  readonly recording: RecordingView;
  readonly api: RecordingsApi;
  readonly token: string;
  readonly say: (sentence: string | null) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      say(null);
      return true;
    } catch (cause) {
      say(explain(cause));
      return false;
    }
  };
  const remove = async (): Promise<void> => {
    dialog.current?.close();
    if (await act(() => api.remove(recording.id))) location.assign(recordingsLink(token));
  };
  return (
    <div className="row">
      {recording.state === 'recording' && (
        <button
          type="button"
          data-testid="stop"
          onClick={() => void act(() => api.stop(recording.id))}
        >
          Stop recording
        </button>
      )}
      <button
        type="button"
        className="danger"
        data-testid="delete"
        onClick={() => dialog.current?.showModal()}
      >
        Delete
      </button>
      <dialog ref={dialog} className="card recording-dialog" aria-labelledby="delete-title">
        <h2 id="delete-title">Delete this recording?</h2>
        <p>Its media, thumbnails and journal are deleted. This cannot be undone.</p>
        <div className="row">
          <button
            type="button"
            className="danger"
            data-testid="delete-really"
            onClick={() => void remove()}
          >
            Delete
          </button>
          <button type="button" autoFocus onClick={() => dialog.current?.close()}>
            Keep it
          </button>
        </div>
      </dialog>
    </div>
  );
}
