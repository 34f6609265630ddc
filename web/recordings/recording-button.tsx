import type { RecordingControl } from '../core/recordings/recording-control.ts';
import { Icon } from '../ui/icon.tsx';
import { Notice } from '../ui/notice.tsx';
import { useObservable } from '../ui/use-observable.ts';
import { explainRecording } from './sign-words.ts';

/** Starts or stops the recording of the room; one button for both, so that focus stays on it. */
export function RecordingButton({
  control,
  isRecording,
  look,
}: {
  readonly control: RecordingControl;
  readonly isRecording: boolean;
  readonly look: 'words' | 'icon';
}) {
  const { doing } = useObservable(control.state);
  const words = wordsFor(doing, isRecording);
  return (
    <button
      type="button"
      className="record"
      data-testid="record"
      data-recording={isRecording}
      aria-busy={doing !== null}
      aria-disabled={doing !== null}
      {...(look === 'icon' ? { 'aria-label': words, title: words } : {})}
      onClick={() => void (isRecording ? control.stop() : control.start())}
    >
      {look === 'words' ? words : <Icon name={isRecording ? 'stop' : 'record'} />}
    </button>
  );
}

/** Why the last wish came to nothing. */
export function RecordingProblemNotice({ control }: { readonly control: RecordingControl }) {
  const { problem } = useObservable(control.state);
  if (problem === null) return null;
  return <Notice tone="problem">{explainRecording(problem)}</Notice>;
}

function wordsFor(doing: 'starting' | 'stopping' | null, isRecording: boolean): string {
  if (doing === 'starting') return 'Starting to record…';
  if (doing === 'stopping') return 'Stopping to record…';
  return isRecording ? 'Stop recording' : 'Start recording';
}
