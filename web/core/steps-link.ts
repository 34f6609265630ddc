import type { JoinSteps } from './join-steps.ts';
import type { Observable } from './observable.ts';
import type { ViewerSocket } from './viewer-socket.ts';

/** 10 min: the gateway takes no later step. */
const LATEST_MS = 600_000;

/** Tells the gateway over a viewer's socket how far its sessions came; closed by the result. */
export function linkSteps(
  steps: Observable<JoinSteps>,
  socket: Pick<ViewerSocket, 'send' | 'welcome'>,
): () => void {
  let sent: JoinSteps | null = null;
  const tell = (): void => {
    const { session, ...reached } = steps.value;
    const isNews = Object.values(reached).some((value) => value !== null);
    if (session === null || !isNews || steps.value === sent) return;
    if (Object.values(reached).some((value) => typeof value === 'number' && value > LATEST_MS))
      return;
    if (socket.send({ type: 'viewer/steps', session, ...reached })) sent = steps.value;
  };
  const off = [
    steps.subscribe(tell),
    socket.welcome.subscribe(() => {
      if (socket.welcome.value !== null) tell();
    }),
  ];
  return () => {
    for (const each of off) each();
  };
}
