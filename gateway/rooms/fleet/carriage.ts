import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { legOffer, type LegStreams } from '../../carriage/leg-offer.ts';
import type { Leg, RelayCounts, RemoteTransport } from '../../carriage/messages.ts';
import type { MediaNode, NodeAnswer } from '../../media/node.ts';
import type { RoomId, SourceId } from '../../protocol/ids.ts';
import { isUsable } from '../../sdp/candidate.ts';
import { readNodeAnswer } from '../../sdp/node-answer.ts';
import { readOffer } from '../../sdp/offer.ts';
import { toUpstreamOffer, type SourceMedia } from '../../sdp/upstream-offer.ts';
import { hookMissing } from '../refusals.ts';
import type { NodePlace } from '../session.ts';
import type { TicketUse } from '../tickets.ts';
import type { CarriedPlace } from './carried-places.ts';
import type { OpenRelay, RelayPort } from './relay-port.ts';

const KINDS = { pull: 'watch', push: 'publish' } as const;
/** The relay is the gateway's, beside it. */
const OWN_ADDRESS = '127.0.0.1';
const NO_COUNTS: RelayCounts = { packets: 0, bytes: 0, resent: 0, keyframes: 0 };

interface LegState {
  readonly ticket: string;
  place: NodePlace | null;
  answer: NodeAnswer | null;
}

/** One source on its way from the node where it is published to another one. */
export class Carriage implements CarriedPlace {
  readonly room: RoomId;
  readonly source: SourceId;
  readonly origin: MediaNode;
  readonly target: MediaNode;
  readonly media: SourceMedia;
  readonly startedAt: number;
  isReady = false;
  /** Since when nobody watches there, epoch milliseconds. */
  idleSince: number | null = null;
  readonly #relays: RelayPort;
  readonly #addressOf: (node: MediaNode) => string | null;
  readonly #legs: Readonly<Record<Leg, LegState>> = { pull: aLeg(), push: aLeg() };
  #relay: OpenRelay | null = null;
  #isClosed = false;

  constructor(
    given: Pick<Carriage, 'room' | 'source' | 'origin' | 'target' | 'media' | 'startedAt'>,
    deps: { relays: RelayPort; addressOf: (node: MediaNode) => string | null },
  ) {
    this.room = given.room;
    this.source = given.source;
    this.origin = given.origin;
    this.target = given.target;
    this.media = given.media;
    this.startedAt = given.startedAt;
    this.#relays = deps.relays;
    this.#addressOf = deps.addressOf;
  }

  get counts(): RelayCounts {
    return this.#relay?.counts ?? NO_COUNTS;
  }

  /** Resolves when media can flow; close it when this fails. @throws Error */
  async open(onEnd: (why: string) => void): Promise<void> {
    const relay = await this.#relays.open(onEnd);
    this.#relay = relay;
    this.#requireOpen();
    const pulled = await this.#ask('pull', this.origin);
    const pulling = relay.connect('pull', pulled.remote);
    pulling.catch(() => undefined);
    const pushed = await this.#ask('push', this.target, pulled.streams);
    await Promise.all([pulling, relay.connect('push', pushed.remote)]);
    this.#requireOpen();
    this.isReady = true;
  }

  /** The hook of a node: whether it was asked for this. */
  confirm({ ticket, kind, room, source }: TicketUse, place: NodePlace): boolean {
    if (this.#isClosed || room !== String(this.room) || source !== String(this.source))
      return false;
    for (const leg of ['pull', 'push'] as const) {
      const state = this.#legs[leg];
      if (state.ticket !== ticket || state.place !== null || kind !== KINDS[leg]) continue;
      state.place = place;
      return true;
    }
    return false;
  }

  /** Whether a client of a node is one of its ends. */
  isAt({ service, clientId }: NodePlace): boolean {
    return this.places().some((place) => place.service === service && place.clientId === clientId);
  }

  /** Its ends at nodes, as far as these said. */
  places(): readonly NodePlace[] {
    return Object.values(this.#legs).flatMap(({ place }) => place ?? []);
  }

  /** The run of a node that has an end of it; null: it has none, or said nothing yet. */
  serviceAt(node: MediaNode): string | null {
    const { pull, push } = this.#legs;
    const leg = node === this.origin ? pull : node === this.target ? push : null;
    return leg?.place?.service ?? null;
  }

  /** Ends it; resolves when the nodes know. `lost` is a node that cannot be told. Idempotent. */
  async close(lost?: MediaNode): Promise<void> {
    this.#isClosed = true;
    this.isReady = false;
    this.#relay?.close();
    const { pull, push } = this.#legs;
    await Promise.all([
      this.#release(pull, this.origin, lost),
      this.#release(push, this.target, lost),
    ]);
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new Error('closed');
  }

  async #release(leg: LegState, node: MediaNode, lost: MediaNode | undefined): Promise<void> {
    if (node === lost) return;
    if (leg.answer !== null) await leg.answer.release();
    // An offer that failed after its hook may have left a client that keeps the name (srs.md P1).
    else if (leg.place !== null) await node.remove(leg.place.clientId).catch(() => undefined);
  }

  async #ask(
    name: Leg,
    node: MediaNode,
    streams?: LegStreams,
  ): Promise<{ remote: RemoteTransport; streams: LegStreams }> {
    const transport = this.#relay?.legs[name];
    if (transport === undefined) throw new Error('no relay');
    const kind = KINDS[name];
    const { room, source, media } = this;
    const given = { transport, media, ...(streams === undefined ? {} : { streams }) };
    const offer = readOffer(legOffer(name, given), kind);
    const upstream = toUpstreamOffer(offer, node.codecs, kind === 'watch' ? media : undefined);
    const leg = this.#legs[name];
    const { ticket } = leg;
    const answer = await node.open({
      kind,
      room,
      source,
      address: OWN_ADDRESS,
      ticket,
      ...upstream,
    });
    leg.answer = answer;
    if (this.#isClosed) {
      await answer.release();
      throw new Error('closed');
    }
    if (leg.place === null) throw hookMissing();
    return this.#read(answer.sdp, offer, node);
  }

  #read(
    sdp: string,
    offer: Parameters<typeof readNodeAnswer>[1],
    node: MediaNode,
  ): { remote: RemoteTransport; streams: LegStreams } {
    const { sections, candidates, iceLite } = readNodeAnswer(sdp, offer);
    const streams = { audio: null as number | null, video: null as number | null };
    for (const [{ media }, { ssrc }] of sections) {
      if (media === 'audio' || media === 'video') streams[media] = ssrc?.primary ?? null;
    }
    const transport = [...sections.values()][0]?.transport;
    if (transport === undefined) throw new Error('an answer without media');
    const own = candidates.filter(isUsable).map(({ ip, port }) => ({ ip, port }));
    return {
      streams,
      remote: {
        ...transport.ice,
        fingerprint: `sha-256 ${transport.fingerprint}`,
        setup: transport.setup,
        iceLite,
        candidates: [...own, ...this.#beside(node, own)],
      },
    };
  }

  /** What a node announces may be for clients outside alone: where its API is, its media is too. */
  #beside(
    node: MediaNode,
    own: readonly { ip: string; port: number }[],
  ): { ip: string; port: number }[] {
    const ip = this.#addressOf(node);
    if (ip === null || isIP(ip) === 0 || own.some((each) => each.ip === ip)) return [];
    return [...new Set(own.map(({ port }) => port))].map((port) => ({ ip, port }));
  }
}

const aLeg = (): LegState => ({
  ticket: randomBytes(16).toString('hex'),
  place: null,
  answer: null,
});
