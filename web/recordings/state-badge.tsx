import type { RecordingState } from '../../gateway/protocol/api/recordings.ts';
import { stateWords } from './recording-words.ts';

const tones: Readonly<Record<RecordingState, string>> = {
  recording: 'bad',
  processing: '',
  ready: 'good',
  failed: 'bad',
};

/** How a recording or a part of it stands. */
export function StateBadge({ state }: { readonly state: RecordingState }) {
  return (
    <span className={`badge ${tones[state]}`} data-testid="state" data-state={state}>
      {stateWords[state]}
    </span>
  );
}
