import { explainProblem } from '../core/problem.ts';
import { Notice } from '../ui/notice.tsx';
import { Reconnecting } from './reconnecting.tsx';
import { explainCapture } from './screen-capture.ts';
import type { ShareState } from './screen-share.ts';
import { explainWays } from './share-words.ts';

/** What is going on, in one or two sentences. */
export function ShareStatus({
  state,
  taken,
  sizesRefused,
}: {
  readonly state: ShareState;
  /** Whether the source is live although this page sends nothing. */
  readonly taken: boolean;
  /** Whether the server takes one size only although several were wanted. */
  readonly sizesRefused: boolean;
}) {
  switch (state.kind) {
    case 'idle':
      return (
        <Notice tone="calm">
          {taken ? 'Someone is already sharing in this room.' : 'Nothing is shared yet.'}
        </Notice>
      );
    case 'choosing':
      return <Notice tone="calm">Choose what to share in the browser’s window.</Notice>;
    case 'connecting':
      return <Notice tone="calm">Connecting…</Notice>;
    case 'live':
      return (
        <Notice tone="calm">
          {explainWays(state.ways)}
          {sizesRefused && ' This server takes one size only, so one is sent for all.'}
        </Notice>
      );
    case 'reconnecting':
      return <Reconnecting {...state} />;
    case 'stopped':
      return (
        <Notice tone="calm">
          {state.by === 'browser' ? 'Sharing was ended by the browser.' : 'Sharing has stopped.'}
        </Notice>
      );
    case 'failed':
      return <Notice tone="problem">{explainProblem(state.problem, 'publish')}</Notice>;
    case 'capture-failed':
      return <Notice tone="problem">{explainCapture(state.problem)}</Notice>;
    default:
      return state satisfies never;
  }
}
