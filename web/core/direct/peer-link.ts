import type { CandidateInit } from '../../../gateway/protocol/signal/description.ts';
import type { BrowserPort } from '../browser-port.ts';

/** What a link says to its peer, by way of the gateway; false: not now. */
export interface LinkVoice {
  readonly offer: (sdp: string) => boolean;
  readonly answer: (sdp: string) => boolean;
  readonly requestOffer: () => boolean;
  readonly candidate: (candidate: RTCIceCandidate | null) => boolean;
}

/** Where a link stands; `interrupted`: it worked, and is being mended. */
export type LinkState = 'connecting' | 'connected' | 'interrupted' | 'failed' | 'closed';

/** What a link is made of. */
export interface PeerLinkParts {
  readonly port: Pick<BrowserPort, 'createPeerConnection'>;
  readonly configuration: RTCConfiguration;
  /** Who offers, as both sides know by their roles. */
  readonly isOfferer: boolean;
  readonly voice: LinkVoice;
  readonly onState: (state: LinkState) => void;
}

/** ICE that is disconnected often mends itself at once. */
const DOUBT_MS = 800;
/** An answer that does not come was lost with a connection to the gateway. */
const ANSWER_MS = 5_000;
/** Nothing got through for so long, restarts and all. */
const GIVE_UP_MS = 20_000;

/** One peer connection of a direct session: trickles, restarts ICE, and says when it gave up. */
export class PeerLink {
  readonly pc: RTCPeerConnection;
  readonly #parts: PeerLinkParts;
  #state: LinkState = 'connecting';
  /** Candidates that came before the description that they belong to. */
  #early: (CandidateInit | null)[] = [];
  #isRestartDue = false;
  #doubtTimer: ReturnType<typeof setTimeout> | undefined;
  #answerTimer: ReturnType<typeof setTimeout> | undefined;
  #giveUpTimer: ReturnType<typeof setTimeout> | undefined;
  /** Descriptions are set one after the other. */
  #works: Promise<void> = Promise.resolve();

  constructor(parts: PeerLinkParts) {
    this.#parts = parts;
    this.pc = parts.port.createPeerConnection({
      ...{ bundlePolicy: 'max-bundle', ...parts.configuration },
    });
    this.pc.onicecandidate = ({ candidate }) => void parts.voice.candidate(candidate);
    this.pc.onconnectionstatechange = () => this.#handleConnection();
    this.#giveUpTimer = setTimeout(() => this.#turn('failed'), GIVE_UP_MS);
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Offers what was added to the connection. */
  async offer(): Promise<void> {
    await this.#work(() => this.#offer());
  }

  /** Looks for another path: the offerer offers anew, the other side asks for it. */
  restart(): void {
    if (this.#isOver()) return;
    if (!this.#parts.isOfferer) {
      this.#parts.voice.requestOffer();
      return;
    }
    this.#isRestartDue = true;
    if (this.pc.signalingState !== 'stable') return;
    void this.#work(() => this.#restart());
  }

  /** Restarts unless it is well, as after the gateway was away. */
  refresh(): void {
    if (this.pc.connectionState !== 'connected') this.#again();
  }

  async handleOffer(sdp: string): Promise<void> {
    await this.#work(async () => {
      await this.pc.setRemoteDescription({ type: 'offer', sdp });
      await this.#addEarly();
      await this.pc.setLocalDescription();
      this.#parts.voice.answer(this.pc.localDescription?.sdp ?? '');
    });
  }

  async handleAnswer(sdp: string): Promise<void> {
    await this.#work(async () => {
      if (this.pc.signalingState !== 'have-local-offer') return;
      clearTimeout(this.#answerTimer);
      await this.pc.setRemoteDescription({ type: 'answer', sdp });
      await this.#addEarly();
    });
    if (this.#isRestartDue) this.restart();
  }

  async handleCandidate(candidate: CandidateInit | null): Promise<void> {
    await this.#work(async () => {
      if (this.pc.remoteDescription === null) this.#early.push(candidate);
      else await this.#add(candidate);
    });
  }

  /** New credentials, for the restarts to come. */
  setIceServers(iceServers: readonly RTCIceServer[]): void {
    if (this.#isOver()) return;
    try {
      this.pc.setConfiguration({ ...this.pc.getConfiguration(), iceServers: [...iceServers] });
    } catch {
      // A server that this browser does not take must not cost the connection.
    }
  }

  /** Idempotent; says nothing more. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const timer of [this.#doubtTimer, this.#answerTimer, this.#giveUpTimer]) {
      clearTimeout(timer);
    }
    this.pc.onicecandidate = null;
    this.pc.onconnectionstatechange = null;
    this.pc.close();
  }

  async #offer(): Promise<void> {
    await this.pc.setLocalDescription();
    this.#parts.voice.offer(this.pc.localDescription?.sdp ?? '');
    clearTimeout(this.#answerTimer);
    this.#answerTimer = setTimeout(() => this.#again(), ANSWER_MS);
  }

  async #restart(): Promise<void> {
    this.#isRestartDue = false;
    this.pc.restartIce();
    await this.#offer();
  }

  /** Without waiting for the answer to what was offered before. */
  #again(): void {
    if (this.#isOver()) return;
    if (this.#parts.isOfferer) void this.#work(() => this.#restart());
    else this.#parts.voice.requestOffer();
  }

  #handleConnection(): void {
    clearTimeout(this.#doubtTimer);
    switch (this.pc.connectionState) {
      case 'connected':
        clearTimeout(this.#giveUpTimer);
        this.#turn('connected');
        return;
      case 'disconnected':
        this.#interrupt();
        this.#doubtTimer = setTimeout(() => this.restart(), DOUBT_MS);
        return;
      case 'failed':
        this.#interrupt();
        this.restart();
        return;
      default:
        return;
    }
  }

  #interrupt(): void {
    if (this.#state !== 'connected') return;
    clearTimeout(this.#giveUpTimer);
    this.#giveUpTimer = setTimeout(() => this.#turn('failed'), GIVE_UP_MS);
    this.#turn('interrupted');
  }

  #turn(state: LinkState): void {
    if (this.#isOver() || state === this.#state) return;
    this.#state = state;
    this.#parts.onState(state);
  }

  #isOver(): boolean {
    return this.#state === 'closed' || this.#state === 'failed';
  }

  async #addEarly(): Promise<void> {
    for (const candidate of this.#early.splice(0)) await this.#add(candidate);
  }

  /** One that is not taken is one path less. */
  async #add(candidate: CandidateInit | null): Promise<void> {
    await this.pc.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  }

  #work(work: () => Promise<void>): Promise<void> {
    this.#works = this.#works.then(async () => {
      if (this.#isOver()) return;
      try {
        await work();
      } catch {
        // What the other side said does not fit: GIVE_UP_MS ends it.
      }
    });
    return this.#works;
  }
}
