import type { WhepState } from '../whep-client.ts';
import type { Way } from './media-mode.ts';
import type { WayChoice } from './way-choice.ts';

/** Where a viewer stands who watches by two ways: the better one's word counts. */
export function roamingState(
  { mode, isRunning, open, shown, webrtc }: WayChoice,
  states: Readonly<Record<Way, WhepState>>,
): WhepState {
  if (mode !== 'auto') return states[mode];
  if (!isRunning || webrtc.kind === 'barred') return states.webrtc;
  const told = { webrtc: begun(states.webrtc), websocket: begun(states.websocket) };
  if (!open.websocket) return told.webrtc;
  if (!open.webrtc) return told.websocket;
  const [first, second] = inOrder(told, shown);
  return rank(second) < rank(first) ? second : first;
}

/** A way that is open and has not said so yet. */
const begun = (state: WhepState): WhepState =>
  state.kind === 'idle' || state.kind === 'stopped' ? { kind: 'connecting' } : state;

/** Of two that stand alike, the one that is seen speaks, then WebRTC. */
const inOrder = (
  states: Readonly<Record<Way, WhepState>>,
  shown: Way | null,
): readonly [WhepState, WhepState] =>
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
