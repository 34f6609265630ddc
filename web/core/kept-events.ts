import type { BrowserPort } from './browser-port.ts';
import { localProblem } from './problem.ts';
import { SessionEvents } from './session-events.ts';
import type { SessionEventHandlers } from './session-events.ts';
import type { SessionKeeper } from './session-keeper.ts';

/**
 * What the server tells about the end of a kept session, and `more`; null of a server that has no
 * events. The session is asked for seldom while it tells.
 */
export function keptEvents(
  port: BrowserPort,
  keeper: SessionKeeper,
  more: Partial<SessionEventHandlers> = {},
): SessionEvents | null {
  const eventsUrl = keeper.links?.eventsUrl;
  if (eventsUrl == null) return null;
  return new SessionEvents(port, eventsUrl, {
    onReconnect: () => keeper.rejoin(localProblem('session-gone')),
    onOpen: () => keeper.relaxProbes(true),
    onBroken: () => {
      keeper.relaxProbes(false);
      keeper.probeNow();
    },
    ...more,
  });
}
