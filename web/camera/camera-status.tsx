import { explainProblem } from '../core/problem.ts';
import { Reconnecting } from '../share/reconnecting.tsx';
import { explainWays } from '../share/share-words.ts';
import { Notice } from '../ui/notice.tsx';
import { explainCamera } from './camera-problem.ts';
import type { CameraState } from './camera-share.ts';
import type { SoundState } from './camera-sound.ts';

/** What is going on, in one or two sentences. */
export function CameraStatus({
  state,
  sound,
  isHeld,
}: {
  readonly state: CameraState;
  readonly sound: SoundState;
  /** Whether the system holds the picture back. */
  readonly isHeld: boolean;
}) {
  switch (state.kind) {
    case 'idle':
      return <Notice tone="calm">Press Start, and allow camera and microphone.</Notice>;
    case 'opening':
      return <Notice tone="calm">Allow camera and microphone in the browser’s window.</Notice>;
    case 'connecting':
      return <Notice tone="calm">Connecting…</Notice>;
    case 'live':
      return (
        <Notice tone="calm">
          {isHeld
            ? 'The system holds the camera back, for a call perhaps.'
            : explainWays(state.ways)}
          {sound === 'refused' && ' Without sound: the microphone is missing or not allowed.'}
        </Notice>
      );
    case 'reconnecting':
      return <Reconnecting {...state} />;
    case 'stopped':
      return (
        <Notice tone="calm">
          {state.by === 'device'
            ? 'The camera was taken away by the system.'
            : 'The camera is off.'}
        </Notice>
      );
    case 'failed':
      return <Notice tone="problem">{explainProblem(state.problem, 'publish')}</Notice>;
    case 'camera-failed':
      return <Notice tone="problem">{explainCamera(state.problem)}</Notice>;
    default:
      return state satisfies never;
  }
}
