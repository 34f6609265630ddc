import type { SessionProblem } from '../problem.ts';
import type { KeeperState } from '../session-keeper.ts';
import type { WhepState } from '../whep-client.ts';

/** What the state of a direct viewer follows from. */
export interface ViewerFacts {
  /** Of its connection to the gateway. */
  readonly signal: KeeperState;
  /** Whether somebody who gives the picture is there, or was just lost. */
  readonly hasPeer: boolean;
  /** Whether the connection with them is up, and media has come by it. */
  readonly isPlaying: boolean;
  /** Why there is no picture, where it was lost; null: it was not. */
  readonly loss: SessionProblem | null;
}

/** Where a direct viewer stands, in the words of every player. */
export function viewerState({ signal, hasPeer, isPlaying, loss }: ViewerFacts): WhepState {
  switch (signal.kind) {
    case 'failed':
    case 'idle':
      return signal;
    case 'stopped':
      return loss !== null && isFarewell(loss) ? { kind: 'failed', problem: loss } : signal;
    case 'connecting':
    case 'reconnecting':
    case 'live':
      break;
    default:
      return signal satisfies never;
  }
  if (loss !== null) return { kind: 'reconnecting', problem: loss, retryAtMs: null };
  if (isPlaying) return { kind: 'live' };
  if (signal.kind === 'reconnecting') return signal;
  if (signal.kind === 'live' && !hasPeer) {
    return { kind: 'waiting', sessionKept: false, retryAtMs: null };
  }
  return { kind: 'connecting' };
}

const isFarewell = ({ code }: SessionProblem): boolean =>
  code === 'host-left' || code === 'sender-left';
