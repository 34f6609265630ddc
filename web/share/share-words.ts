import { explainProblem } from '../core/problem.ts';
import type { SessionProblem } from '../core/problem.ts';
import type { ShareWays } from './share-standing.ts';

/** One or two plain sentences for who shares. */
export function explainWays({ webrtc, obstacle, receivers }: ShareWays): string {
  if (receivers !== undefined) return explainReceivers(receivers);
  if (webrtc) return 'You are sharing.';
  const sharing = 'You are sharing over WebSocket.';
  return obstacle === null ? sharing : `${sharing} ${explainObstacle(obstacle)}`;
}

function explainReceivers(receivers: number): string {
  if (receivers === 0)
    return 'Ready. The picture goes directly to whoever opens the link for viewers.';
  return `You are sending directly to ${receivers === 1 ? 'one viewer' : `${receivers} viewers`}.`;
}

function explainObstacle(obstacle: SessionProblem): string {
  return obstacle.code === 'udp-blocked'
    ? 'WebRTC does not get through this network (no answer on UDP).'
    : `WebRTC does not work: ${explainProblem(obstacle, 'publish')}`;
}
