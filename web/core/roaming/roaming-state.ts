import type { WhepState } from '../whep-client.ts';
import type { Way } from './media-mode.ts';
import type { WayChoice } from './way-choice.ts';

/** Where a viewer stands who watches by two ways: the better one's word counts. */
export function roamingState(
  { mode, isRunning, open, shown, webrtc }: WayChoice,
  states: Readonly<Record<Way, WhepState>>,
): WhepState {
  if (mode !== 'auto') return states[mode];
  if (!isRunning || webrtc.kind === 'barred' || !open.websocket) return states.webrtc;
  if (!open.webrtc) return states.websocket;
  return [...inOrder(states, shown)].toSorted((a, b) => rank(a) - rank(b))[0] ?? states.webrtc;
}

/** Of two that stand alike, the one that is seen speaks, then WebRTC. */
const inOrder = (states: Readonly<Record<Way, WhepState>>, shown: Way | null) =>
  shown === 'websocket' ? [states.websocket, states.webrtc] : [states.webrtc, states.websocket];

/** The WebSocket that nobody publishes to says nothing of a WebRTC that cannot connect. */
function rank(state: WhepState): number {
  switch (state.kind) {
    case 'live':
      return 0;
    case 'connecting':
    case 'idle':
      return 1;
    case 'reconnecting':
      return 2;
    case 'waiting':
      return 3;
    case 'stopped':
    case 'failed':
      return 4;
    default:
      return state satisfies never;
  }
}
