import { ApiClient } from '../core/api-client.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import { HostApi } from '../core/host-api.ts';
import type { HostPlace } from '../core/host-api.ts';
import { localProblem } from '../core/problem.ts';
import { RoomApi } from '../core/room-api.ts';
import { claimsHost } from '../core/token-rights.ts';
import { ViewerLink } from '../core/viewer-link.ts';
import { ViewerSocket } from '../core/viewer-socket.ts';
import { WhepClient } from '../core/whep-client.ts';
import { endpointPath } from '../page-route.ts';

/** What a page is made of that watches one source. */
export interface Watched {
  readonly place: HostPlace;
  readonly client: WhepClient;
  readonly socket: ViewerSocket;
  /** Null where the token does not allow to steer the host. */
  readonly hostApi: HostApi | null;
  /** Begins to watch; the result ends it. */
  readonly start: () => () => void;
}

/** The clients of a watch page, same origin; without a token it has failed already. */
export function createWatched(place: HostPlace, token: string): Watched {
  const { room, source } = place;
  const { origin } = location;
  const port = createBrowserPort();
  const roomApi = new RoomApi(port, { url: `${origin}/api/v1/rooms/${room}`, token });
  const client = new WhepClient({
    endpoint: origin + endpointPath('whep', room, source),
    token,
    readSource: () => roomApi.readSource(source),
  });
  const url = `${origin.replace(/^http/, 'ws')}/ws/control/${room}`;
  const socket = new ViewerSocket(port, { url, token, source });
  if (token === '') client.state.set({ kind: 'failed', problem: localProblem('token-missing') });
  return {
    place,
    client,
    socket,
    hostApi: claimsHost(token, source) ? new HostApi(new ApiClient(port, { origin, token })) : null,
    start: () => {
      const link = new ViewerLink(port, client, socket);
      if (token !== '') client.start();
      return () => {
        client.stop();
        link.close();
      };
    },
  };
}
