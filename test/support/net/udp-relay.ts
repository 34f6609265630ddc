import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { ImpairedPath, type Impairment, type PathStats } from './impaired-path.ts';
import { seededRandom } from './seeded-random.ts';

export interface UdpRelayOptions {
  readonly targetPort: number;
  readonly targetHost?: string;
  /** Port that clients send to; 0 (any) when absent. */
  readonly listenPort?: number;
  readonly listenHost?: string;
  /** The same seed throws away the same packets of the same traffic. */
  readonly seed?: number;
  readonly toTarget?: Impairment;
  readonly toClients?: Impairment;
}

export interface UdpRelayStats {
  readonly clients: number;
  readonly toTarget: PathStats;
  readonly toClients: PathStats;
}

const SOCKET_BUFFER_BYTES = 1_048_576;

/**
 * A lossy, slow or narrow stretch of network between UDP clients and one target. Each client gets a
 * socket of its own towards the target, so that the target can tell them apart. The two paths are
 * shared by all clients of a relay: give a client its own relay to give it its own link.
 */
export class UdpRelay {
  readonly #listener: Socket;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #toTarget: ImpairedPath;
  readonly #toClients: ImpairedPath;
  readonly #upstreams = new Map<string, Socket>();
  #closing: Promise<void> | undefined;

  private constructor(listener: Socket, options: UdpRelayOptions) {
    this.#listener = listener;
    this.#target = { host: options.targetHost ?? '127.0.0.1', port: options.targetPort };
    const seed = options.seed ?? 1;
    this.#toTarget = new ImpairedPath(seededRandom(seed), options.toTarget);
    this.#toClients = new ImpairedPath(seededRandom(seed + 1), options.toClients);
    listener.on('message', (packet, client) => this.#forward(packet, client));
    listener.on('error', ignore);
  }

  /** Resolves when the relay listens. */
  static async open(options: UdpRelayOptions): Promise<UdpRelay> {
    const listener = createSocket('udp4');
    listener.bind(options.listenPort ?? 0, options.listenHost ?? '127.0.0.1');
    await once(listener, 'listening');
    widen(listener);
    return new UdpRelay(listener, options);
  }

  /** Where clients send to. */
  get port(): number {
    return this.#listener.address().port;
  }

  get stats(): UdpRelayStats {
    return {
      clients: this.#upstreams.size,
      toTarget: this.#toTarget.stats,
      toClients: this.#toClients.stats,
    };
  }

  /** Changes the way towards the target while traffic flows. */
  setToTarget(impairment: Impairment): void {
    this.#toTarget.set(impairment);
  }

  /** Changes the way back to the clients while traffic flows. */
  setToClients(impairment: Impairment): void {
    this.#toClients.set(impairment);
  }

  /** From now on the target hears every client from another port, as after a NAT has forgotten them. */
  rebind(): void {
    for (const socket of this.#upstreams.values()) socket.close();
    this.#upstreams.clear();
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    this.#toTarget.close();
    this.#toClients.close();
    const sockets = [this.#listener, ...this.#upstreams.values()];
    this.#upstreams.clear();
    await Promise.all(
      sockets.map(async (socket) => {
        const closed = once(socket, 'close');
        socket.close();
        await closed;
      }),
    );
  }

  #forward(packet: Buffer, client: RemoteInfo): void {
    const upstream = this.#upstreamOf(client);
    this.#toTarget.send(packet.length, () => {
      if (this.#upstreams.get(nameOf(client)) !== upstream) return;
      upstream.send(packet, this.#target.port, this.#target.host, ignore);
    });
  }

  #upstreamOf(client: RemoteInfo): Socket {
    const name = nameOf(client);
    const known = this.#upstreams.get(name);
    if (known !== undefined) return known;
    const upstream = createSocket('udp4');
    upstream.bind(0, () => widen(upstream));
    upstream.on('error', ignore);
    upstream.on('message', (packet) => {
      this.#toClients.send(packet.length, () => {
        this.#listener.send(packet, client.port, client.address, ignore);
      });
    });
    this.#upstreams.set(name, upstream);
    return upstream;
  }
}

const nameOf = ({ address, port }: RemoteInfo): string => `${address}:${port}`;

function widen(socket: Socket): void {
  socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
  socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
}

/** A datagram that cannot be sent is a lost one: ECONNREFUSED while the target restarts. */
function ignore(): void {
  return;
}
