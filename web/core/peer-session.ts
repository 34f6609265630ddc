import type { BrowserPort } from './browser-port.ts';
import type { IceServers } from './ice-servers.ts';
import { SessionError, localProblem } from './problem.ts';
import type { SessionProblem } from './problem.ts';
import type { SessionLinks, Signalling } from './signalling.ts';

/** How a session tells its owner; after `lost` it says nothing more. */
export interface PeerSessionEvents {
  /** The server has taken the offer. */
  readonly answered: () => void;
  readonly connected: () => void;
  readonly lost: (problem: SessionProblem) => void;
}

/** What a session is made of. */
export interface PeerSessionParts {
  readonly port: BrowserPort;
  readonly signalling: Signalling;
  readonly iceServers: IceServers;
  /** `all` when absent. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy | undefined;
  readonly events: PeerSessionEvents;
}

const CONFIGURATION: RTCConfiguration = { bundlePolicy: 'max-bundle' };
const CONNECT_TIMEOUT_MS = 10_000;
/** Everybody in a room depends on its one publisher, who therefore asks more often. */
const PROBE_INTERVAL_MS = { publish: 1_000, watch: 2_000 };
/** While somebody else tells of the session's end. */
const RELAXED_PROBE_INTERVAL_MS = { publish: 3_000, watch: 10_000 };
const AWAY_PROBES_TO_LOSE = 2;
const FAREWELL_MS = 1_000;
/** ICE sees that its path is gone a few seconds after the network changed. */
const NETWORK_CHANGE_MS = 10_000;

/**
 * One WHIP or WHEP session from offer to end, without a second try.
 *
 * A media server that dies tells browsers nothing, and ICE needs 7 to 18 s to notice, so the
 * session URL is asked all the time and its 404 ends the session at once.
 */
export class PeerSession {
  readonly pc: RTCPeerConnection;
  readonly #parts: PeerSessionParts;
  readonly #configuration: RTCConfiguration;
  #sessionUrl: string | null = null;
  #links: SessionLinks | null = null;
  #state: 'opening' | 'connected' | 'closed' = 'opening';
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #probeTimer: ReturnType<typeof setTimeout> | undefined;
  #awayProbes = 0;
  #relaxed = false;
  #awaitsNews = false;
  #networkChangedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: PeerSessionParts) {
    this.#parts = parts;
    this.#configuration = {
      ...CONFIGURATION,
      ...(parts.iceTransportPolicy === undefined
        ? {}
        : { iceTransportPolicy: parts.iceTransportPolicy }),
    };
    this.pc = parts.port.createPeerConnection(this.#configuration);
    this.pc.onconnectionstatechange = () => this.#handleConnectionState();
  }

  /** What the server offers beside it; null before the answer. */
  get links(): SessionLinks | null {
    return this.#links;
  }

  /** Null before the answer and after the end. */
  get url(): string | null {
    return this.#sessionUrl;
  }

  /** Adds media by `prepare`, then offers; failures arrive as `lost`. */
  async open(prepare: (pc: RTCPeerConnection) => void): Promise<void> {
    try {
      const iceServers = this.#parts.iceServers.read();
      prepare(this.pc);
      this.#use(await iceServers);
      if (this.#isClosed()) return;
      await this.pc.setLocalDescription();
      // No candidates on purpose: the server learns ours from STUN and sends all of its own.
      const offerSdp = this.pc.localDescription?.sdp ?? '';
      if (this.#isClosed()) return;
      const opened = await this.#parts.signalling.open(offerSdp);
      this.#sessionUrl = opened.sessionUrl;
      this.#links = opened.links;
      if (this.#isClosed()) {
        await this.#remove(false);
        return;
      }
      this.#parts.events.answered();
      this.#connectTimer = setTimeout(() => this.#handleConnectTimeout(), CONNECT_TIMEOUT_MS);
      this.#scheduleProbe();
      await this.#applyAnswer(opened.answerSdp);
    } catch (cause) {
      this.#lose(toProblem(cause));
    }
  }

  /** Ends it: the server is told (unless it already knows), nothing is reported. Idempotent. */
  close({ keepalive = false } = {}): void {
    if (this.#isClosed()) return;
    this.#state = 'closed';
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#probeTimer);
    this.pc.onconnectionstatechange = null;
    void this.#leave(keepalive);
  }

  /** Ends it without a word: the server knows it no more. */
  abandon(): void {
    this.#sessionUrl = null;
    this.close();
  }

  /** DELETE comes first: after DTLS's own farewell the server would take us for lost, not gone. */
  async #leave(keepalive: boolean): Promise<void> {
    await Promise.race([this.#remove(keepalive), pause(FAREWELL_MS)]);
    this.pc.close();
  }

  /** Whether the server tells by itself when the session ends, so that asking is a precaution only. */
  relaxProbes(relaxed: boolean): void {
    this.#relaxed = relaxed;
  }

  /** Whether the server tells when another session is to be opened, as long as ICE sees no trouble. */
  awaitNews(awaits: boolean): void {
    this.#awaitsNews = awaits;
  }

  /** Asks the server now whether the session still exists. */
  probeNow(): void {
    clearTimeout(this.#probeTimer);
    void this.#probe();
  }

  /** A list that this browser does not take must not cost the session. */
  #use(iceServers: readonly RTCIceServer[]): void {
    if (iceServers.length === 0 || this.#isClosed()) return;
    try {
      this.pc.setConfiguration({ ...this.#configuration, iceServers: [...iceServers] });
    } catch {
      return;
    }
  }

  /** The network under it changed: a path that is cut will not come back, as ICE may hope for 30 s. */
  networkChanged(): void {
    this.#networkChangedAtMs = Date.now();
    this.#leaveCutPath();
  }

  #leaveCutPath(): void {
    const changed = Date.now() - this.#networkChangedAtMs < NETWORK_CHANGE_MS;
    if (!changed || this.pc.connectionState !== 'disconnected') return;
    this.#lose(localProblem('connection-lost', 'The network changed.'));
  }

  async #applyAnswer(sdp: string): Promise<void> {
    try {
      await this.pc.setRemoteDescription({ type: 'answer', sdp });
    } catch (cause) {
      if (this.#isClosed()) return;
      throw new SessionError(localProblem('answer-rejected', String(cause)), { cause });
    }
  }

  #handleConnectionState(): void {
    switch (this.pc.connectionState) {
      case 'connected': {
        this.#handleConnected();
        return;
      }
      case 'disconnected': {
        this.probeNow();
        this.#leaveCutPath();
        return;
      }
      case 'failed': {
        void this.#handleFailed();
        return;
      }
      case 'new':
      case 'connecting':
      case 'closed':
        return;
      default:
        return this.pc.connectionState satisfies never;
    }
  }

  #handleConnected(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'connected';
    clearTimeout(this.#connectTimer);
    this.#parts.events.connected();
  }

  /** A server that ends a session closes DTLS too: its word goes before what ICE saw. */
  async #handleFailed(): Promise<void> {
    if (this.#state !== 'connected' || this.#sessionUrl === null) {
      this.#lose(localProblem('udp-blocked'));
      return;
    }
    const result = await this.#parts.signalling.probe(this.#sessionUrl);
    this.#lose(typeof result === 'string' ? localProblem('connection-lost') : result);
  }

  #handleConnectTimeout(): void {
    this.#lose(localProblem('udp-blocked', `ICE: ${this.pc.iceConnectionState}`));
  }

  #scheduleProbe(): void {
    clearTimeout(this.#probeTimer);
    const isRelaxed = this.#relaxed && this.pc.connectionState === 'connected';
    const intervals = isRelaxed ? RELAXED_PROBE_INTERVAL_MS : PROBE_INTERVAL_MS;
    const intervalMs = intervals[this.#parts.signalling.side];
    this.#probeTimer = setTimeout(() => this.probeNow(), intervalMs);
  }

  async #probe(): Promise<void> {
    if (this.#sessionUrl === null) return;
    const result = await this.#parts.signalling.probe(this.#sessionUrl);
    if (this.#isClosed()) return;
    if (typeof result !== 'string') {
      if (this.#awaitsNews && this.pc.connectionState === 'connected') this.#scheduleProbe();
      else {
        this.#sessionUrl = null;
        this.#lose(result);
      }
      return;
    }
    const nothingWorks = result === 'away' && this.pc.connectionState === 'disconnected';
    this.#awayProbes = nothingWorks ? this.#awayProbes + 1 : 0;
    if (this.#awayProbes >= AWAY_PROBES_TO_LOSE) {
      this.#lose(localProblem('connection-lost', 'Neither media nor HTTP get through.'));
      return;
    }
    this.#scheduleProbe();
  }

  #lose(problem: SessionProblem): void {
    if (this.#isClosed()) return;
    this.close();
    this.#parts.events.lost(problem);
  }

  async #remove(keepalive: boolean): Promise<void> {
    const sessionUrl = this.#sessionUrl;
    this.#sessionUrl = null;
    if (sessionUrl !== null) await this.#parts.signalling.remove(sessionUrl, keepalive);
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function toProblem(cause: unknown): SessionProblem {
  return cause instanceof SessionError
    ? cause.problem
    : localProblem('answer-rejected', String(cause));
}
