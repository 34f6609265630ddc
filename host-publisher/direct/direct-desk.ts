import type { ControlLeases } from '../../gateway/protocol/control.ts';
import type { InputFrame } from '../../gateway/protocol/input.ts';
import type { PeerId } from '../../gateway/protocol/signal/peer.ts';
import type { SignalEvent } from '../../gateway/protocol/signal/signal-events.ts';
import { flatServers } from '../gateway/ice-servers.ts';
import { SignalSocket, type SignalSocketOptions } from '../gateway/signal-socket.ts';
import type { FromMedia, ToMedia } from '../media/messages.ts';
import type { IceServer } from '../media/plan.ts';
import { ControlGate, readFrame } from './control-gate.ts';

/** A client that a gateway does not know any more may come back to it for so long. */
const RETURN_MS = 30_000;

export interface DirectDeskOptions extends Pick<
  SignalSocketOptions,
  'url' | 'room' | 'source' | 'token' | 'say' | 'onBarred'
> {
  /** Clients that get media at one time. */
  readonly mostClients: number;
  /** In place of the gateway's. */
  readonly iceServers: readonly IceServer[];
  /** How many clients want media. */
  readonly onDemand: (clients: number) => void;
  /** Input of who holds control. */
  readonly onFrame: (frame: InputFrame) => void;
}

/** The media process, as far as clients are concerned. */
export interface DirectMedia {
  send(message: ToMedia): boolean;
}

/** What is known of a peer of ours. */
interface Client {
  /** Whose control session it has. */
  viewer: string | null;
  /** What it sent before there was a media process to take it. */
  waiting: { readonly sdp: string; readonly candidates: string[] } | null;
  /** The media process has its offer. */
  isServed: boolean;
  mayControl: boolean;
  /** Ends it, unless the gateway knows it again. */
  leaving: NodeJS.Timeout | undefined;
}

/** Brings clients and the media process together: signalling, demand, and whose input counts. */
export class DirectDesk {
  readonly #options: DirectDeskOptions;
  readonly #socket: SignalSocket;
  readonly #gate = new ControlGate();
  readonly #clients = new Map<PeerId, Client>();
  #media: DirectMedia | null = null;
  #gatewayServers: readonly IceServer[] = [];

  constructor(options: DirectDeskOptions) {
    this.#options = options;
    this.#socket = new SignalSocket({
      ...options,
      onRegistered: ({ turnConfig, peers }) => {
        this.#gatewayServers = flatServers(turnConfig.iceServers);
        for (const { peerId, viewer } of peers) this.#welcome(peerId, viewer ?? null);
        this.#expectOthers(new Set(peers.map(({ peerId }) => peerId)));
      },
      onEvent: (event) => this.#hearSignal(event),
    });
  }

  /** Dials. */
  open(): void {
    this.#socket.open();
  }

  /** The media process captures for clients. */
  attach(media: DirectMedia): void {
    this.#media = media;
    for (const [id, client] of this.#clients) this.#serve(id, client);
  }

  /** What it had for clients is gone, which they are told: they may offer anew. */
  detach(): void {
    this.#media = null;
    for (const [id, client] of this.#clients) {
      if (!client.isServed) continue;
      client.isServed = false;
      this.#socket.send({ type: 'bye', to: id });
    }
    this.#tellDemand();
  }

  /** What the media process says of clients. */
  hear(message: FromMedia): void {
    switch (message.type) {
      case 'direct-answer':
        this.#socket.send({ type: 'answer', sdp: message.sdp, to: message.client });
        break;
      case 'direct-candidate': {
        const { client, candidate } = message;
        this.#socket.send({ type: 'ice-candidate', candidate, to: client });
        break;
      }
      case 'direct-input':
        this.#hearInput(message.client as PeerId, message.text);
        break;
      case 'direct-gone':
        this.#lose(message.client as PeerId);
        break;
      default:
    }
  }

  /** Who controls this machine, in the gateway's words. */
  lease(leases: ControlLeases): void {
    this.#gate.lease(leases);
    this.#tellControl();
  }

  /** The host socket is gone, and with it whoever controlled. */
  disconnected(): void {
    this.#gate.disconnected();
    this.#tellControl();
  }

  /** Leaves the room, which its clients are told. */
  async close(): Promise<void> {
    for (const { leaving } of this.#clients.values()) clearTimeout(leaving);
    this.#clients.clear();
    await this.#socket.close();
  }

  #hearSignal(event: SignalEvent): void {
    switch (event.type) {
      case 'turn-config':
        this.#gatewayServers = flatServers(event.turnConfig.iceServers);
        break;
      case 'peer-connected':
        this.#welcome(event.peerId, event.viewer ?? null);
        break;
      case 'peer-control':
        this.#welcome(event.peerId, event.viewer);
        break;
      case 'offer':
        this.#offered(event.from, event.sdp);
        break;
      case 'ice-candidate':
        this.#trickled(event.from, event.candidate?.candidate ?? '');
        break;
      case 'ice':
        this.#trickled(event.from, event.candidate);
        break;
      case 'bye':
        this.#end(event.from);
        break;
      case 'peer-disconnected':
        if (event.reason === 'lost') this.#doubt(event.peerId);
        else this.#leave(event.peerId);
        break;
      default:
    }
  }

  #welcome(id: PeerId, viewer: string | null): Client {
    const client = this.#clients.get(id) ?? {
      ...{ viewer: null, waiting: null, isServed: false, mayControl: false, leaving: undefined },
    };
    this.#clients.set(id, client);
    clearTimeout(client.leaving);
    client.leaving = undefined;
    client.viewer = viewer ?? client.viewer;
    this.#tellControl();
    return client;
  }

  /** Whom a gateway that was started anew does not know (yet). */
  #expectOthers(present: ReadonlySet<PeerId>): void {
    for (const [id, client] of this.#clients) {
      if (!present.has(id)) client.leaving ??= setTimeout(() => this.#leave(id), RETURN_MS);
    }
  }

  #offered(id: PeerId, sdp: string): void {
    const client = this.#welcome(id, null);
    const isOneMore = client.waiting === null && !client.isServed;
    if (isOneMore && this.#wanting >= this.#options.mostClients) {
      this.#socket.send({ type: 'bye', to: id });
      return;
    }
    client.waiting = { sdp, candidates: [] };
    this.#serve(id, client);
    this.#tellDemand();
  }

  #trickled(id: PeerId, candidate: string): void {
    const client = this.#clients.get(id);
    if (client === undefined || candidate === '') return;
    if (client.waiting !== null) client.waiting.candidates.push(candidate);
    else if (client.isServed)
      this.#media?.send({ type: 'direct-candidate', client: id, candidate });
  }

  #serve(id: PeerId, client: Client): void {
    const media = this.#media;
    if (media === null || client.waiting === null) return;
    const { sdp, candidates } = client.waiting;
    const { iceServers: own } = this.#options;
    const iceServers = [...(own.length > 0 ? own : this.#gatewayServers)];
    [client.waiting, client.isServed, client.mayControl] = [null, true, false];
    media.send({ type: 'direct-offer', client: id, sdp, iceServers });
    for (const candidate of candidates)
      media.send({ type: 'direct-candidate', client: id, candidate });
    this.#tellControl();
  }

  #hearInput(id: PeerId, text: string): void {
    const frame = readFrame(text);
    if (frame === null) this.#media?.send({ type: 'direct-mute', client: id });
    else if (this.#gate.admits(this.#clients.get(id)?.viewer ?? null, frame)) {
      this.#options.onFrame(frame);
    }
  }

  /** Tells the media process whose channels are listened to. */
  #tellControl(): void {
    for (const [id, client] of this.#clients) {
      const mayControl = this.#gate.holds(client.viewer);
      if (!client.isServed || client.mayControl === mayControl) continue;
      client.mayControl = mayControl;
      this.#media?.send({ type: 'direct-admit', client: id, mayControl });
    }
  }

  /** Its connection ended here: it is told, and may offer again. */
  #lose(id: PeerId): void {
    const client = this.#clients.get(id);
    if (client?.isServed !== true) return;
    client.isServed = false;
    this.#socket.send({ type: 'bye', to: id });
    this.#tellDemand();
  }

  /** The gateway lost it: its media go on as long as it is heard. */
  #doubt(id: PeerId): void {
    const client = this.#clients.get(id);
    if (client === undefined) return;
    if (client.isServed) this.#media?.send({ type: 'direct-doubt', client: id });
    client.waiting = null;
    client.leaving ??= setTimeout(() => this.#leave(id), RETURN_MS);
    this.#tellDemand();
  }

  /** It is not in the room any more. */
  #leave(id: PeerId): void {
    clearTimeout(this.#clients.get(id)?.leaving);
    this.#end(id);
    this.#clients.delete(id);
  }

  /** It wants no media now. */
  #end(id: PeerId): void {
    const client = this.#clients.get(id);
    if (client === undefined) return;
    if (client.isServed) this.#media?.send({ type: 'direct-end', client: id });
    [client.waiting, client.isServed] = [null, false];
    this.#tellDemand();
  }

  get #wanting(): number {
    return [...this.#clients.values()].filter(
      ({ waiting, isServed }) => isServed || waiting !== null,
    ).length;
  }

  #tellDemand(): void {
    this.#options.onDemand(this.#wanting);
  }
}
