import { LIMITS } from '../limits/limits.ts';
import { HOST_PROTOCOL, HostMessage, type HostCommand } from '../protocol/host.ts';
import type { HostDesk } from '../rooms/hosts/host-desk.ts';
import type { HostClaim } from '../rooms/hosts/host-seat.ts';
import { DISMISSALS } from './dismissal.ts';
import { HOST_RATES } from './host-rates.ts';
import { JsonChannel, type SocketEnd } from './json-channel.ts';
import type { OpenSockets } from './open-sockets.ts';
import { Handshake, type Upgrade } from './upgrade.ts';

/** `/ws/host/:room/:source?` after its request was let in. */
export class HostSockets {
  readonly #desk: HostDesk;
  readonly #open: OpenSockets;
  readonly #handshake = new Handshake({
    subprotocol: HOST_PROTOCOL,
    messageBytes: LIMITS.hostMessageBytes,
  });

  constructor(deps: { desk: HostDesk; open: OpenSockets }) {
    this.#desk = deps.desk;
    this.#open = deps.open;
  }

  /** @throws GatewayError before the handshake, when the source has another host. */
  requireFree(claim: HostClaim): void {
    this.#desk.requireFree(claim);
  }

  /** Makes the connection a host's socket. */
  serve(upgrade: Upgrade, claim: HostClaim): void {
    const socket = this.#handshake.accept(upgrade);
    if (socket === undefined) return;
    const channel = new JsonChannel<HostMessage, HostCommand>({
      socket,
      schema: HostMessage,
      rates: HOST_RATES,
      onMessage: (message) => {
        clearTimeout(patience);
        return seat.take(message) ? undefined : 'host/hello comes first, and once.';
      },
      onEnd: (end: SocketEnd) => {
        clearTimeout(patience);
        seat.release();
        forget(end);
      },
    });
    const forget = this.#open.add('host', channel);
    const seat = this.#desk.claim(claim, {
      get rttMs() {
        return channel.rttMs;
      },
      send: (command) => channel.send(command),
      onceRead: (act) => channel.onceRead(act),
      dismiss: (reason) => channel.close(...DISMISSALS[reason], 'dismissed'),
    });
    const patience = setTimeout(
      () => channel.close(1008, 'Say host/hello first.', 'malformed'),
      LIMITS.socketHelloMs,
    );
  }
}
