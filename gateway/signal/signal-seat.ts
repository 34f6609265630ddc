import type { Grant } from '../auth/grant.ts';
import type { Parting, PeerId } from '../protocol/signal/peer.ts';
import type { SignalErrorCode } from '../protocol/signal/signal-errors.ts';
import type { SignalEvent, TurnConfig } from '../protocol/signal/signal-events.ts';
import type { SignalMessage } from '../protocol/signal/signal-messages.ts';
import type { Dismissal } from '../rooms/hosts/host-channel.ts';
import { toCandidate, toMinimal } from './candidate-form.ts';
import type { Member, PeerEvent } from './member.ts';
import { offers } from './roles.ts';
import type { LocalPeer, SignalRoom } from './signal-room.ts';

/** What the middle sees of a peer's socket. */
export interface SignalChannel {
  /** Whether it has ended. */
  readonly isOver: boolean;
  send(event: SignalEvent): void;
  /** Closes it with code and sentence; the seat is released then. */
  dismiss(reason: Dismissal): void;
}

/** Why a message is not taken, with a sentence. */
export interface Refusal {
  readonly code: SignalErrorCode;
  readonly message: string;
}

export interface SeatParts {
  readonly room: SignalRoom;
  readonly member: Member;
  readonly grant: Grant;
  readonly resume: string;
  readonly channel: SignalChannel;
  /** When it registered, epoch milliseconds. */
  readonly since: number;
  /** Hands on what it says to a counterpart. */
  readonly pass: (to: Member, event: PeerEvent) => Promise<Refusal | undefined>;
  /** Whose control session it is, by its secret. */
  readonly prove: (seat: SignalSeat, control: string) => Promise<Refusal | undefined>;
}

type Spoken = Extract<
  SignalMessage,
  { type: 'offer' | 'answer' | 'request-offer' | 'ice-candidate' | 'ice' | 'bye' }
>;

/** A registered peer of this gateway. */
export class SignalSeat implements LocalPeer {
  readonly #parts: SeatParts;
  member: Member;
  /** What it was given last. */
  turn: { readonly config: TurnConfig; readonly givenAt: number } | null = null;
  /** What came while it was entering. */
  #early: SignalEvent[] | null = [];
  #isMinimal = false;

  constructor(parts: SeatParts) {
    this.#parts = parts;
    this.member = parts.member;
  }

  get room(): SignalRoom {
    return this.#parts.room;
  }

  get grant(): Grant {
    return this.#parts.grant;
  }

  get channel(): SignalChannel {
    return this.#parts.channel;
  }

  get since(): number {
    return this.#parts.since;
  }

  /** It has entered: it hears who it is and who is there, then what came meanwhile. */
  welcome(turnConfig: TurnConfig, now: number): void {
    const { room, resume } = this.#parts;
    const { peerId, role } = this.member;
    const peers = [...room.counterparts(role)];
    this.turn = { config: turnConfig, givenAt: now };
    this.channel.send({
      type: 'registered',
      ...room.place,
      ...{ role, peerId, resume, turnConfig, peers },
    });
    const early = this.#early ?? [];
    this.#early = null;
    for (const event of early) this.channel.send(event);
  }

  hear(event: SignalEvent): void {
    const heard = this.#isMinimal && event.type === 'ice-candidate' ? toMinimal(event) : event;
    if (this.#early === null) this.channel.send(heard);
    else this.#early.push(heard);
  }

  renewTurn(config: TurnConfig, now: number): void {
    this.turn = { config, givenAt: now };
    this.channel.send({ type: 'turn-config', turnConfig: config });
  }

  /** What it says; resolves with why not. */
  async take(message: SignalMessage): Promise<Refusal | undefined> {
    switch (message.type) {
      case 'register':
        return { code: 'already-registered', message: 'This socket has registered a peer.' };
      case 'ping':
        this.channel.send({
          type: 'pong',
          ...(message.at === undefined ? {} : { at: message.at }),
        });
        return undefined;
      case 'pong':
        return undefined;
      case 'control':
        return await this.#parts.prove(this, message.control);
      case 'bye':
        if (message.to !== undefined) return await this.#pass(message);
        this.channel.dismiss('ended');
        return undefined;
      default:
        return await this.#pass(message);
    }
  }

  async #pass(message: Spoken): Promise<Refusal | undefined> {
    if (!this.#maySay(message)) {
      const { role } = this.member;
      const does = offers(role) ? 'offers' : 'answers offers';
      return { code: 'wrong-role', message: `A ${role} ${does}; it does not send that.` };
    }
    if (message.type === 'ice') this.#isMinimal = true;
    const to = this.#counterpart(message.to);
    if ('code' in to) return to;
    return await this.#parts.pass(to, eventOf(message, this.member.peerId));
  }

  #maySay({ type }: Spoken): boolean {
    if (type === 'offer') return offers(this.member.role);
    if (type === 'answer' || type === 'request-offer') return !offers(this.member.role);
    return true;
  }

  #counterpart(to: PeerId | undefined): Member | Refusal {
    const { room } = this.#parts;
    const seen = room.counterparts(this.member.role);
    const peerId = to ?? (seen.length === 1 ? seen[0]?.peerId : undefined);
    if (peerId === undefined) {
      return seen.length === 0
        ? { code: 'unknown-peer', message: 'Nobody is there to hear that yet.' }
        : { code: 'peer-unclear', message: 'Say by "to" whom you mean: several are there.' };
    }
    const member = seen.some((peer) => peer.peerId === peerId)
      ? room.find(peerId)?.member
      : undefined;
    return member ?? { code: 'unknown-peer', message: 'There is no such peer here.' };
  }
}

function eventOf(message: Spoken, from: PeerId): PeerEvent {
  switch (message.type) {
    case 'offer':
    case 'answer':
      return { type: message.type, sdp: message.sdp, from };
    case 'ice-candidate':
      return { type: 'ice-candidate', candidate: message.candidate, from };
    case 'ice': {
      const { candidate, sdpMLineIndex, sdpMid } = message;
      const mid = sdpMid === undefined ? {} : { sdpMid };
      return toCandidate({ type: 'ice', candidate, sdpMLineIndex, ...mid, from });
    }
    default:
      return { type: message.type, from };
  }
}

/** As the counterparts of a peer hear of a socket that the gateway ended. */
export const partingOf = (reason: Dismissal): Parting | null => {
  if (reason === 'replaced') return null;
  if (reason === 'ended') return 'left';
  return reason === 'shutdown' ? 'lost' : 'kicked';
};
