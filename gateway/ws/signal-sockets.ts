import type { Grant } from '../auth/grant.ts';
import { LIMITS } from '../limits/limits.ts';
import { CLOSE_CODES } from '../protocol/close-codes.ts';
import type { Parting, PeerId } from '../protocol/signal/peer.ts';
import type { SignalErrorCode } from '../protocol/signal/signal-errors.ts';
import type { SignalEvent } from '../protocol/signal/signal-events.ts';
import { SignalMessage } from '../protocol/signal/signal-messages.ts';
import { SIGNAL_PROTOCOL } from '../protocol/signal/signal-protocol.ts';
import type { Dismissal } from '../rooms/hosts/host-channel.ts';
import type { Registration, SignalDesk } from '../signal/signal-desk.ts';
import { partingOf, SignalSeat, type Refusal } from '../signal/signal-seat.ts';
import { closeReason } from './close-reason.ts';
import { DISMISSALS } from './dismissal.ts';
import { JsonChannel, type SocketEnd } from './json-channel.ts';
import type { OpenSockets } from './open-sockets.ts';
import { SIGNAL_RATES } from './signal-rates.ts';
import { Handshake, type Upgrade } from './upgrade.ts';

/** Who opens a socket. */
export interface SignalClaim {
  /** Null: its token comes with `register`. */
  readonly grant: Grant | null;
  /** Judges a token that came so; else close code and sentence. */
  readonly judge: (token: string) => Promise<Grant | readonly [code: number, sentence: string]>;
}

export interface SignalSocketsDeps {
  readonly desk: SignalDesk;
  readonly open: OpenSockets;
  readonly onRefusal: (code: SignalErrorCode) => void;
}

/** `/ws/signal` after its request was let in. */
export class SignalSockets {
  readonly #deps: SignalSocketsDeps;
  readonly #handshake = new Handshake({
    subprotocol: SIGNAL_PROTOCOL,
    messageBytes: LIMITS.signalMessageBytes,
  });

  constructor(deps: SignalSocketsDeps) {
    this.#deps = deps;
  }

  /** Makes the connection a socket of signalling. */
  serve(upgrade: Upgrade, claim: SignalClaim): void {
    const socket = this.#handshake.accept(upgrade);
    if (socket === undefined) return;
    let parting: Parting | null | undefined;
    const channel = new JsonChannel<SignalMessage, SignalEvent>({
      socket,
      schema: SignalMessage,
      rates: SIGNAL_RATES,
      onMessage: (message) => {
        peer.hear(message);
        return undefined;
      },
      onProblem: (sentence) => peer.endure(sentence),
      onEnd: (end) => {
        peer.end(parting === undefined ? PARTINGS[end] : parting);
        forget(end);
      },
    });
    const forget = this.#deps.open.add('signal', channel);
    const peer = new SocketPeer(this.#deps, claim, {
      send: (event) => channel.send(event),
      close: (code, sentence) => channel.close(code, sentence, 'dismissed'),
      dismiss: (reason) => {
        parting = partingOf(reason);
        channel.close(...DISMISSALS[reason], 'dismissed');
      },
    });
  }

  /** Says why not: pages do not see how an upgrade was answered by HTTP. */
  refuse(upgrade: Upgrade, code: number, sentence: string): void {
    const socket = this.#handshake.accept(upgrade);
    socket?.on('error', () => undefined);
    socket?.close(code, closeReason(sentence));
  }
}

interface Wire {
  send(event: SignalEvent): void;
  close(code: number, sentence: string): void;
  dismiss(reason: Dismissal): void;
}

/** One socket: nobody yet, somebody who registers, or a peer. */
class SocketPeer {
  readonly #deps: SignalSocketsDeps;
  readonly #claim: SignalClaim;
  readonly #wire: Wire;
  readonly #patience: NodeJS.Timeout;
  #grant: Grant | null;
  #state: 'waiting' | 'registering' | 'over' | SignalSeat = 'waiting';
  #malformed = 0;

  constructor(deps: SignalSocketsDeps, claim: SignalClaim, wire: Wire) {
    this.#deps = deps;
    this.#claim = claim;
    this.#wire = wire;
    this.#grant = claim.grant;
    this.#patience = setTimeout(
      () => wire.close(1008, 'Register within 5 seconds.'),
      LIMITS.socketHelloMs,
    ).unref();
  }

  hear(message: SignalMessage): void {
    const state = this.#state;
    if (state instanceof SignalSeat) void this.#take(state, message);
    else if (message.type === 'register' && state === 'waiting') void this.#register(message);
    else if (message.type === 'ping') this.#wire.send({ ...message, type: 'pong' });
    else if (message.type === 'bye' && message.to === undefined) this.#wire.dismiss('ended');
    else if (message.type !== 'pong') this.#refuse(NOT_REGISTERED, toOf(message));
  }

  /** A message that is none. True: it may try again. */
  endure(sentence: string): boolean {
    this.#malformed += 1;
    this.#refuse({ code: 'malformed', message: sentence });
    return this.#malformed < LIMITS.signalMalformed;
  }

  end(parting: Parting | null): void {
    clearTimeout(this.#patience);
    const state = this.#state;
    this.#state = 'over';
    if (state instanceof SignalSeat) this.#deps.desk.release(state, parting);
  }

  async #take(seat: SignalSeat, message: SignalMessage): Promise<void> {
    const refusal = await seat.take(message);
    if (refusal !== undefined) this.#refuse(refusal, toOf(message));
  }

  async #register(wish: Registration): Promise<void> {
    this.#state = 'registering';
    const grant = this.#grant ?? (await this.#judge(wish));
    if (grant === undefined || this.#isOver()) return;
    this.#grant = grant;
    clearTimeout(this.#patience);
    const isOver = (): boolean => this.#isOver();
    const registered = await this.#deps.desk.register(wish, grant, {
      get isOver() {
        return isOver();
      },
      send: (event) => this.#wire.send(event),
      dismiss: (reason) => this.#wire.dismiss(reason),
    });
    if (registered instanceof SignalSeat) {
      if (this.#isOver()) this.#deps.desk.release(registered, 'left');
      else this.#state = registered;
      return;
    }
    if (this.#isOver()) return;
    this.#state = 'waiting';
    this.#refuse(registered);
    if (registered.code === 'forbidden') this.#wire.dismiss('forbidden');
  }

  async #judge({ token }: Registration): Promise<Grant | undefined> {
    const judged =
      token === undefined
        ? ([CLOSE_CODES.unauthenticated, 'Send a token.'] as const)
        : await this.#claim.judge(token);
    if ('subject' in judged) return judged;
    this.#turnAway(...judged);
    return undefined;
  }

  #turnAway(code: number, message: string): void {
    if (this.#isOver()) return;
    this.#refuse({ code: 'unauthenticated', message });
    this.#wire.close(code, message);
  }

  #refuse({ code, message }: Refusal, to?: PeerId): void {
    this.#deps.onRefusal(code);
    this.#wire.send({ type: 'error', code, message, ...(to === undefined ? {} : { to }) });
  }

  #isOver(): boolean {
    return this.#state === 'over';
  }
}

const NOT_REGISTERED: Refusal = { code: 'not-registered', message: 'Say register first.' };

const toOf = (message: SignalMessage): PeerId | undefined =>
  'to' in message ? message.to : undefined;

/** As its counterparts hear of a socket that ended so. */
const PARTINGS: Readonly<Record<SocketEnd, Parting>> = {
  client: 'left',
  cut: 'lost',
  silent: 'lost',
  slow: 'lost',
  malformed: 'left',
  'too-large': 'left',
  flood: 'left',
  dismissed: 'kicked',
  shutdown: 'lost',
};
