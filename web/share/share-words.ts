import { explainProblem } from '../core/problem.ts';
import type { SessionProblem } from '../core/problem.ts';
import type { ShareWays } from './share-standing.ts';

/** One or two plain sentences for who shares. */
export function explainWays({ webrtc, obstacle }: ShareWays): string {
  if (webrtc) return 'You are sharing.';
  const sharing = 'You are sharing over WebSocket.';
  return obstacle === null ? sharing : `${sharing} ${explainObstacle(obstacle)}`;
}

function explainObstacle(obstacle: SessionProblem): string {
  return obstacle.code === 'udp-blocked'
    ? 'WebRTC does not get through this network (no answer on UDP).'
    : `WebRTC does not work: ${explainProblem(obstacle, 'publish')}`;
}
