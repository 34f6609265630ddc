import { explainProblem } from '../core/problem.ts';
import type { WhepState } from '../core/whep-client.ts';

/** What lies over the picture: null shows the picture alone. */
export interface Overlay {
  readonly title: string;
  readonly text: string;
  /** When the next attempt is due, for a countdown. */
  readonly retryAtMs: number | null;
  readonly action: 'none' | 'try-now' | 'start-again';
  readonly busy: boolean;
}

/** The overlay of a state, in words that need no knowledge of WebRTC. */
export function overlayOf(state: WhepState, hasPlayed: boolean): Overlay | null {
  switch (state.kind) {
    case 'live':
      return null;
    case 'idle':
    case 'connecting':
      return { ...plain, title: 'Connecting…', busy: true };
    case 'waiting':
      return {
        ...plain,
        title: hasPlayed ? 'Sharing has stopped' : 'Nobody is sharing yet',
        text: 'The picture appears by itself as soon as someone shares.',
        busy: true,
      };
    case 'reconnecting':
      return {
        ...plain,
        title: 'Reconnecting…',
        text: explainProblem(state.problem, 'watch'),
        retryAtMs: state.retryAtMs,
        action: 'try-now',
        busy: true,
      };
    case 'failed':
      return {
        ...plain,
        title: 'This does not work',
        text: explainProblem(state.problem, 'watch'),
        action: state.problem.code === 'token-missing' ? 'none' : 'start-again',
      };
    case 'stopped':
      return { ...plain, title: 'Playback has ended', action: 'start-again' };
    default:
      return state satisfies never;
  }
}

const plain: Overlay = { title: '', text: '', retryAtMs: null, action: 'none', busy: false };
