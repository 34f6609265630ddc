import { explainProblem } from '../core/problem.ts';
import type { HostNews } from '../core/viewer-socket.ts';
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

const plain: Overlay = { title: '', text: '', retryAtMs: null, action: 'none', busy: false };

/** What else decides the words. */
export interface OverlayContext {
  readonly hasPlayed: boolean;
  /** What is told of the host; null: nothing, or there is none. */
  readonly host: HostNews | null;
}

/** The overlay of a state, in words that need no knowledge of WebRTC. */
export function overlayOf(state: WhepState, { hasPlayed, host }: OverlayContext): Overlay | null {
  switch (state.kind) {
    case 'live':
      return null;
    case 'idle':
    case 'connecting':
      return hostOverlay(host) ?? { ...plain, title: 'Connecting…', busy: true };
    case 'waiting':
      return (
        hostOverlay(host) ?? {
          ...plain,
          title: hasPlayed ? 'Sharing has stopped' : 'Nobody is sharing yet',
          text: 'The picture appears by itself as soon as someone shares.',
          busy: true,
        }
      );
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

/** What keeps a host's picture away; null where no host does. */
function hostOverlay(news: HostNews | null): Overlay | null {
  if (news === null) return null;
  if (news.status === null) return news.kind === '' ? null : away;
  switch (news.status.state) {
    case 'idle':
    case 'starting':
      return {
        ...plain,
        title: 'Starting the host…',
        text: 'The picture appears by itself.',
        busy: true,
      };
    case 'failed':
      return {
        ...plain,
        title: 'The host cannot start',
        text: `${news.status.message ?? ''} It tries again by itself.`.trim(),
        busy: true,
      };
    case 'live':
      return null;
    default:
      return news.status.state satisfies never;
  }
}

const away: Overlay = {
  ...plain,
  title: 'The host is away',
  text: 'The picture appears by itself once it is back.',
  busy: true,
};
