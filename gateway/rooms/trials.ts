import { randomBytes } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import type { MediaNode, NodeAnswer } from '../media/node.ts';
import { RoomId, SourceId } from '../protocol/ids.ts';
import { repairAnswer, type RepairedAnswer } from '../sdp/answer.ts';
import type { Candidate } from '../sdp/candidate.ts';
import { readOffer } from '../sdp/offer.ts';
import { toUpstreamOffer } from '../sdp/upstream-offer.ts';
import { hookMissing, stopping } from './refusals.ts';
import { PLAIN_NAMES, type RoomNames } from './room-names.ts';
import type { NodePlace } from './session.ts';
import type { TicketUse } from './tickets.ts';

/** The candidates that a client gets in place of its node's. */
export type Announce = (
  node: MediaNode,
  own: readonly Candidate[],
  client: string,
) => readonly Candidate[];

export interface TrialWish {
  readonly node: MediaNode;
  readonly offer: string;
  /** Who tries, as an IP address; trials of an address are counted. */
  readonly address: string;
}

/** A trial that a node has answered. */
export interface OpenTrial extends Pick<
  RepairedAnswer,
  'sdp' | 'iceUfrag' | 'icePwd' | 'candidates'
> {
  /** A capability. */
  readonly id: string;
  readonly offerUfrag: string;
}

interface Entry {
  readonly address: string;
  place: NodePlace | null;
  answer: NodeAnswer | null;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Sessions at nodes that carry nothing and belong to no room: by them a client, or the gateway itself,
 * tries whether ICE and DTLS get through to a node. Each ends by itself.
 */
export class Trials {
  readonly #announce: Announce;
  /** For nodes; nobody else has it. */
  readonly room: RoomId;
  /** Nobody can publish to a name that nobody knows. */
  readonly #source = SourceId.parse(randomBytes(16).toString('hex'));
  readonly #open = new Map<string, Entry>();
  readonly #tickets = new Map<string, Entry>();
  #closed = false;

  readonly #names: RoomNames;

  constructor(deps: {
    readonly announce: Announce;
    /** Of several gateways each has its own, to which hooks find their way. */
    readonly room?: RoomId;
    readonly names?: RoomNames;
  }) {
    this.#announce = deps.announce;
    this.room = deps.room ?? RoomId.parse('pixelcast-trial');
    this.#names = deps.names ?? PLAIN_NAMES;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Takes an offer to receive to the node. @throws GatewayError */
  async open({ node, offer: text, address }: TrialWish): Promise<OpenTrial> {
    if (this.#closed) throw stopping();
    const offer = readOffer(text, 'watch');
    const upstream = toUpstreamOffer(offer, node.codecs, { video: 'h264', audio: 'opus' });
    this.#requireCapacity(address);
    const id = this.#names.capability(this.room);
    const ticket = randomBytes(16).toString('hex');
    const entry: Entry = { address, place: null, answer: null, timer: undefined };
    this.#open.set(id, entry);
    this.#tickets.set(ticket, entry);
    try {
      const place = { kind: 'watch', room: this.room, source: this.#source } as const;
      const answer = await node.open({ ...place, address, ticket, ...upstream });
      entry.answer = answer;
      if (entry.place === null) throw hookMissing();
      const { sdp, iceUfrag, icePwd, candidates } = repairAnswer(answer.sdp, offer, {
        mediaStreamId: 'pixelcast',
        announce: (own) => this.#announce(node, own, address),
      });
      if (!this.#open.has(id)) throw stopping();
      entry.timer = setTimeout(() => void this.end(id), LIMITS.trialMs);
      const offerUfrag = offer.ufrags[0] ?? '';
      return { id, sdp, iceUfrag, icePwd, candidates, offerUfrag };
    } catch (error) {
      await this.#remove(id, entry);
      throw error;
    } finally {
      this.#tickets.delete(ticket);
    }
  }

  /** The hook of a node: whether it was asked for this trial. */
  confirm({ ticket, kind, room, source }: TicketUse, place: NodePlace): boolean {
    const entry = this.#tickets.get(ticket);
    if (entry === undefined || kind !== 'watch') return false;
    if (room !== String(this.room) || source !== String(this.#source)) return false;
    this.#tickets.delete(ticket);
    entry.place = place;
    return true;
  }

  /** Whether a client that the node lists is one of these. */
  has({ service, clientId }: NodePlace): boolean {
    for (const { place } of this.#open.values()) {
      if (place?.service === service && place.clientId === clientId) return true;
    }
    return false;
  }

  /** False when there is none of this name, or no longer. */
  async end(id: string): Promise<boolean> {
    const entry = this.#open.get(id);
    if (entry === undefined) return false;
    await this.#remove(id, entry);
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#open.keys()].map((id) => this.end(id)));
  }

  async #remove(id: string, entry: Entry): Promise<void> {
    clearTimeout(entry.timer);
    // Listed until the node has let it go, so that nobody takes it for a stranger.
    await entry.answer?.release();
    this.#open.delete(id);
  }

  #requireCapacity(address: string): void {
    const own = [...this.#open.values()].filter((entry) => entry.address === address);
    if (own.length < LIMITS.trialsPerAddress && this.#open.size < LIMITS.trials) return;
    throw new GatewayError(
      'rate-limited',
      'Too many trials are under way. Try again in a moment.',
      {
        retryAfterSeconds: Math.ceil(LIMITS.trialMs / 1000),
      },
    );
  }
}
