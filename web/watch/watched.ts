import { ApiClient } from '../core/api-client.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import { ControlApi } from '../core/control-api.ts';
import { HostApi } from '../core/host-api.ts';
import type { HostPlace } from '../core/host-api.ts';
import { localProblem } from '../core/problem.ts';
import { RoomApi } from '../core/room-api.ts';
import { claimsHost } from '../core/token-rights.ts';
import { ViewerLink } from '../core/viewer-link.ts';
import { ViewerSocket } from '../core/viewer-socket.ts';
import { WhepClient } from '../core/whep-client.ts';
import { endpointPath } from '../page-route.ts';
import { ControlBoard } from './control/control-board.ts';
import { Drive } from './control/drive.ts';

/** What a page is made of that watches one source. */
export interface Watched {
  readonly place: HostPlace;
  readonly client: WhepClient;
  readonly socket: ViewerSocket;
  readonly drive: Drive;
  readonly board: ControlBoard;
  readonly controlApi: ControlApi;
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
  const api = new ApiClient(port, { origin, token });
  const drive = new Drive(socket);
  const board = new ControlBoard(drive.control.client);
  if (token === '') client.state.set({ kind: 'failed', problem: localProblem('token-missing') });
  return {
    place,
    client,
    socket,
    drive,
    board,
    controlApi: new ControlApi(api),
    hostApi: claimsHost(token, source) ? new HostApi(api) : null,
    start: () => {
      const link = new ViewerLink(port, client, socket);
      const unboard = board.start();
      if (token !== '') client.start();
      return () => {
        client.stop();
        unboard();
        drive.close();
        link.close();
      };
    },
  };
}
