import { ApiClient } from '../core/api-client.ts';
import { tokenNow } from '../core/token-source.ts';
import type { TokenSource } from '../core/token-source.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import type { BrowserPort } from '../core/browser-port.ts';
import { DirectWatch } from '../core/direct/direct-watch.ts';
import { Observable } from '../core/observable.ts';
import { ControlApi } from '../core/control-api.ts';
import { DiaryApi } from '../core/diary-api.ts';
import { HostApi } from '../core/host-api.ts';
import type { HostPlace } from '../core/host-api.ts';
import { localProblem } from '../core/problem.ts';
import { RoomApi } from '../core/room-api.ts';
import { claimsHost } from '../core/token-rights.ts';
import { RoamingClient } from '../core/roaming/roaming-client.ts';
import workletUrl from '../core/stripes/sound-worklet.ts?worker&url';
import { linkSteps } from '../core/steps-link.ts';
import { StripesPlayer } from '../core/stripes/stripes-player.ts';
import { ViewerLink } from '../core/viewer-link.ts';
import { ViewerSocket } from '../core/viewer-socket.ts';
import { WhepClient } from '../core/whep-client.ts';
import { endpointPath } from '../page-route.ts';
import type { PageMode } from '../page-route.ts';
import { createRoomRecorder } from '../recordings/room-recorder.ts';
import type { RoomRecorder } from '../recordings/room-recorder.ts';
import { ControlBoard } from './control/control-board.ts';
import { Drive } from './control/drive.ts';
import { Picture } from './picture.ts';
import { Player } from './player.ts';

/** What a page is made of that watches one source. */
export interface Watched {
  readonly place: HostPlace;
  readonly client: RoamingClient;
  readonly webrtc: WhepClient | DirectWatch;
  /** Null in direct mode, where no gateway keeps a diary. */
  readonly whep: WhepClient | null;
  readonly stripes: StripesPlayer;
  readonly player: Player;
  readonly socket: ViewerSocket;
  readonly drive: Drive;
  readonly board: ControlBoard;
  readonly controlApi: ControlApi;
  readonly recorder: RoomRecorder;
  readonly diaryApi: DiaryApi;
  /** Null where the token does not allow to steer the host. */
  readonly hostApi: HostApi | null;
  /** Begins to watch; the result ends it. */
  readonly start: () => () => void;
}

/** Which way the picture may take, and whether only TURN servers may carry it. */
export interface WatchMode {
  readonly mode: PageMode;
  readonly relayOnly: boolean;
}

/** The clients of a watch page, same origin; without a token it has failed already. */
export function createWatched(
  place: HostPlace,
  { mode, relayOnly }: WatchMode,
  token: TokenSource,
): Watched {
  const { room, source } = place;
  const { origin } = location;
  const port = createBrowserPort();
  const sockets = origin.replace(/^http/, 'ws');
  const socket = new ViewerSocket(port, { url: `${sockets}/ws/control/${room}`, token, source });
  const recorder = createRoomRecorder(port, { room, token }, socket);
  const isDirect = mode === 'direct';
  const webrtc = isDirect
    ? createDirect({ place, relayOnly, token }, socket)
    : createWhep({ place, relayOnly, token }, port);
  const whep = webrtc instanceof WhepClient ? webrtc : null;
  const canvas = document.createElement('canvas');
  const url = sockets + endpointPath('ws/media', room, source);
  const stripes = new StripesPlayer({ url, token, canvas, workletUrl }, port);
  const client = new RoamingClient({
    mode: isDirect ? 'webrtc' : mode,
    port,
    webrtc: 'RTCPeerConnection' in window ? webrtc : null,
    websocket: stripes,
  });
  const player = new Player(new Picture(canvas, stripes.size), stripes);
  const api = new ApiClient(port, { origin, token });
  const drive = new Drive(socket, webrtc instanceof DirectWatch ? webrtc.channels : undefined);
  const board = new ControlBoard(drive.control.client);
  if (tokenNow(token) === '')
    client.state.set({ kind: 'failed', problem: localProblem('token-missing') });
  return {
    place,
    client,
    webrtc,
    whep,
    stripes,
    player,
    socket,
    drive,
    board,
    controlApi: new ControlApi(api),
    recorder,
    diaryApi: new DiaryApi(api),
    hostApi: claimsHost(tokenNow(token), source) ? new HostApi(api) : null,
    start: () => {
      const unroam = [
        webrtc.stream.subscribe(() => void player.show(webrtc.stream.value)),
        client.choice.subscribe(() => {
          const { shown } = client.choice.value;
          if (shown !== null) void player.turnTo(shown);
        }),
        player.picture.onVideo(() => client.handlePictured()),
        ...(tokenNow(token) === '' ? [] : [recorder.watch.start()]),
        ...(whep === null ? [] : [linkSteps(whep.join.steps, socket)]),
      ];
      const link = new ViewerLink(port, client, socket);
      const unboard = board.start();
      if (tokenNow(token) !== '') client.start();
      return () => {
        client.stop();
        unboard();
        drive.close();
        link.close();
        for (const each of unroam) each();
      };
    },
  };
}

interface WebrtcParts {
  readonly place: HostPlace;
  readonly relayOnly: boolean;
  readonly token: TokenSource;
}

const policyOf = (relayOnly: boolean): { readonly iceTransportPolicy?: 'relay' } =>
  relayOnly ? { iceTransportPolicy: 'relay' } : {};

function createWhep({ place, relayOnly, token }: WebrtcParts, port: BrowserPort): WhepClient {
  const { room, source } = place;
  const roomApi = new RoomApi(port, { url: `${location.origin}/api/v1/rooms/${room}`, token });
  return new WhepClient({
    endpoint: location.origin + endpointPath('whep', room, source),
    token,
    readSource: () => roomApi.readSource(source),
    ...policyOf(relayOnly),
  });
}

function createDirect({ place, relayOnly, token }: WebrtcParts, socket: ViewerSocket): DirectWatch {
  const control = new Observable<string | null>(null);
  socket.welcome.subscribe(() => control.set(socket.welcome.value?.resume ?? null));
  const url = `${location.origin.replace(/^http/, 'ws')}/ws/signal`;
  return new DirectWatch({ ...place, url, token, control, ...policyOf(relayOnly) });
}
