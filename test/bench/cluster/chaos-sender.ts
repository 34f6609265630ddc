import { RtpPublisher } from '../../support/rtc/rtp-publisher.ts';
import { keptEvents } from '../../../web/core/kept-events.ts';
import type { SessionEvents } from '../../../web/core/session-events.ts';
import { IceServers } from '../../../web/core/ice-servers.ts';
import { SessionKeeper } from '../../../web/core/session-keeper.ts';
import { Signalling } from '../../../web/core/signalling.ts';
import type { ChaosPeer } from './chaos-peer.ts';
import { chaosPort } from './chaos-port.ts';
import type { EndedSession, Person } from './crowd-messages.ts';

/** Little enough that a crowd fits beside it on a small machine. */
const PICTURE = { fps: 10, bitsPerSecond: 60_000, rtx: false, audio: false };

/** A publisher of made pictures, kept up by the pages' own session keeper. */
export class ChaosSender {
  readonly #person: Person;
  readonly #keeper: SessionKeeper;
  readonly #onEnded: (ended: EndedSession) => void;
  #peer: ChaosPeer | null = null;
  #events: SessionEvents | null = null;
  #isLive = false;
  #isWanted = false;

  constructor(url: string, person: Person, onEnded: (ended: EndedSession) => void) {
    this.#person = person;
    this.#onEnded = onEnded;
    const port = chaosPort(
      () => new RtpPublisher(PICTURE),
      (peer) => (this.#peer = peer),
    );
    const { room, token } = person;
    const endpoint = `${url}/whip/${room}`;
    this.#keeper = new SessionKeeper({
      port,
      signalling: new Signalling(port, { side: 'publish', url: endpoint, token }),
      iceServers: new IceServers(port, { endpoint, token }),
      prepare: () => undefined,
    });
    this.#keeper.state.subscribe(() => {
      // As the pages' publisher does.
      this.#events?.close();
      this.#events =
        this.#keeper.state.value.kind === 'live' ? keptEvents(port, this.#keeper) : null;
      this.#handleState();
    });
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  get failure(): string | null {
    const state = this.#keeper.state.value;
    return state.kind === 'failed' ? `${state.problem.code} ${state.problem.detail}` : null;
  }

  get standing(): string {
    const state = this.#keeper.state.value;
    const why = 'problem' in state ? ` ${state.problem.code} ${state.problem.detail}` : '';
    return `${this.#person.name} publishes ${this.#person.room}: ${state.kind}${why}`;
  }

  start(): void {
    this.#isWanted = true;
    this.#keeper.start();
  }

  stop(): void {
    this.#isWanted = false;
    this.#keeper.stop();
  }

  #handleState(): void {
    const state = this.#keeper.state.value;
    const wasLive = this.#isLive;
    this.#isLive = state.kind === 'live';
    if (!wasLive || this.#isLive || !this.#isWanted || !('problem' in state)) return;
    this.#onEnded({
      ...{ person: this.#person.name, kind: 'publish', atMs: Date.now() },
      nodePort: this.#peer?.nodePort ?? null,
      ...{ code: state.problem.code, detail: state.problem.detail },
    });
  }
}
