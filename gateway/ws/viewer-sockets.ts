import { LIMITS } from '../limits/limits.ts';
import type { InputChannels } from '../input-channel/input-channels.ts';
import { ViewerWays } from '../input-channel/viewer-ways.ts';
import { VIEWER_PROTOCOL } from '../protocol/viewer-protocol.ts';
import { ViewerMessage, type ViewerEvent } from '../protocol/viewer.ts';
import type { Departure } from '../rooms/control/control-desk.ts';
import type { ViewerClaim, ViewerDesk } from '../rooms/hosts/viewer-desk.ts';
import { closeReason } from './close-reason.ts';
import { DISMISSALS } from './dismissal.ts';
import { JsonChannel, type SocketEnd } from './json-channel.ts';
import type { OpenSockets } from './open-sockets.ts';
import { Handshake, type Upgrade } from './upgrade.ts';
import { VIEWER_RATES } from './viewer-rates.ts';

/** `/ws/control/:room` after its request was let in. */
export class ViewerSockets {
  readonly #desk: ViewerDesk;
  readonly #open: OpenSockets;
  readonly #channels: InputChannels;
  readonly #handshake = new Handshake({
    subprotocol: VIEWER_PROTOCOL,
    messageBytes: LIMITS.viewerMessageBytes,
  });

  constructor(deps: { desk: ViewerDesk; open: OpenSockets; channels: InputChannels }) {
    this.#desk = deps.desk;
    this.#open = deps.open;
    this.#channels = deps.channels;
  }

  /** @throws GatewayError when there are too many */
  requireRoom(claim: ViewerClaim): void {
    this.#desk.requireRoom(claim);
  }

  /** Makes the connection a viewer's socket. */
  serve(upgrade: Upgrade, claim: ViewerClaim): void {
    const socket = this.#handshake.accept(upgrade);
    if (socket === undefined) return;
    const channel = new JsonChannel<ViewerMessage, ViewerEvent>({
      socket,
      schema: ViewerMessage,
      rates: VIEWER_RATES,
      onMessage: (message, arrivedAt) => {
        clearTimeout(patience);
        if (!ways.admits(message, 'socket')) return undefined;
        return seat.take(message, arrivedAt) ? undefined : 'viewer/watching comes first.';
      },
      onClear: () => seat.flush(),
      onEnd: (end) => {
        clearTimeout(patience);
        ways.close();
        this.#desk.release(seat, departureOf(end));
        forget(end);
      },
    });
    const ways = new ViewerWays(
      this.#channels.link(claim.grant, {
        send: (event) => channel.send(event),
        hear: (text) =>
          channel.hear(text, (message, arrivedAt) => {
            if (message.type !== 'input/frame') return 'Only input goes by a data channel.';
            if (!ways.admits(message, 'channel')) return undefined;
            return seat.take(message, arrivedAt) ? undefined : 'viewer/watching comes first.';
          }),
      }),
    );
    const forget = this.#open.add('viewer', channel);
    const seat = this.#desk.claim(claim, {
      get isClear() {
        return channel.isClear;
      },
      get rttMs() {
        return channel.rttMs;
      },
      send: (event) => channel.send(event),
      onceRead: (act) => channel.onceRead(act),
      dismiss: (reason) => channel.close(...DISMISSALS[reason], 'dismissed'),
    });
    const patience = setTimeout(
      () => channel.close(1008, 'Say viewer/watching first.', 'malformed'),
      LIMITS.socketHelloMs,
    );
  }

  /** Says why not: pages do not see how an upgrade was answered by HTTP. */
  refuse(upgrade: Upgrade, code: number, sentence: string): void {
    const socket = this.#handshake.accept(upgrade);
    socket?.on('error', () => undefined);
    socket?.close(code, closeReason(sentence));
  }
}

/** Whose connection was lost may come back; who said goodbye or broke the protocol has left. */
function departureOf(end: SocketEnd): Departure {
  if (end === 'cut' || end === 'silent' || end === 'slow') return 'lost';
  return end === 'dismissed' ? 'revoked' : 'left';
}
