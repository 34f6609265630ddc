import { HEARTBEAT_MS } from '../../../gateway/protocol/control-terms.ts';
import { CHANNEL_MESSAGE_BYTES, INPUT_CHANNELS } from '../../../gateway/protocol/channel-terms.ts';
import type { BrowserPort } from '../browser-port.ts';
import type { ViewerSocket } from '../viewer-socket.ts';
import { PathProof } from './path-proof.ts';

/** The socket that offers and answers go by. */
export type ChannelSignals = Pick<ViewerSocket, 'send' | 'on'>;

interface Attempt {
  readonly peer: RTCPeerConnection;
  readonly keys: RTCDataChannel;
  readonly motion: RTCDataChannel;
}

const CONNECT_MS = 10_000;
const FIRST_BACKOFF_MS = 2_000;
const LONGEST_BACKOFF_MS = 60_000;
/** A channel that proves nothing for so long is given up. */
const DEAD_MS = 5_000;
/** Where UDP goes nowhere it will not soon. */
const TRIES = 5;
/** Twice a heartbeat, so that one lost proof is no doubt. */
const PROOF_MS = HEARTBEAT_MS / 2;
const CLEAR_BYTES = 4 * 1024;
/** A UTF-16 code unit has up to three bytes in UTF-8. */
const MOST_CHARS = Math.floor(CHANNEL_MESSAGE_BYTES / 3);
const [KEYS, MOTION] = INPUT_CHANNELS;

/**
 * Data channels to the gateway, beside the viewer's socket: `keys` reliable and in order, `motion`
 * neither. A convenience that comes and goes; whoever sends has the socket as well.
 */
export class InputChannel {
  readonly #port: Pick<BrowserPort, 'createPeerConnection' | 'random'>;
  readonly #signals: ChannelSignals;
  readonly #off: readonly (() => void)[];
  #attempt: Attempt | null = null;
  #proof = new PathProof();
  #provenAtMs = 0;
  #isOpen = false;
  #isWanted = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(port: Pick<BrowserPort, 'createPeerConnection' | 'random'>, signals: ChannelSignals) {
    this.#port = port;
    this.#signals = signals;
    this.#off = [
      signals.on('channel/answer', ({ sdp }) => void this.#handleAnswer(sdp)),
      signals.on('channel/closed', () => this.#fail()),
    ];
  }

  /** Whether both channels are open. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether what goes by the channels goes out as it comes. */
  get isClear(): boolean {
    return (this.#attempt?.motion.bufferedAmount ?? 0) < CLEAR_BYTES;
  }

  /** Whether the path gave no proof in time that it leads anywhere. */
  get isDoubtful(): boolean {
    return this.#proof.isDoubtful(performance.now());
  }

  /** Opens channels and opens them again when they are lost, or closes them. */
  want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    this.#failures = 0;
    if (isWanted) void this.#connect();
    else if (this.#drop()) this.#signals.send({ type: 'channel/closed', why: 'left' });
  }

  /** A frame with `held`; false: it goes by the socket alone. */
  sendKeys(text: string): boolean {
    return this.#send(this.#attempt?.keys, text);
  }

  /** A frame of motion alone, which may be lost; false: it was not sent. */
  sendMotion(text: string): boolean {
    if (!this.#isOpen) return false;
    const now = performance.now();
    if (this.#proof.isDue(now, PROOF_MS)) {
      this.#proof.ask(now);
      this.#send(
        this.#attempt?.motion,
        JSON.stringify({ type: 'viewer/ping', at: now, rttMs: null }),
      );
    }
    if (this.#proof.silenceMs(now) > DEAD_MS) {
      this.#giveUp();
      return false;
    }
    return this.#send(this.#attempt?.motion, text);
  }

  /** Idempotent. */
  close(): void {
    this.want(false);
    for (const off of this.#off) off();
  }

  #send(channel: RTCDataChannel | undefined, text: string): boolean {
    if (!this.#isOpen || channel?.readyState !== 'open' || text.length > MOST_CHARS) return false;
    try {
      channel.send(text);
      return true;
    } catch {
      // Its buffer is full: the path is dead or too narrow.
      this.#giveUp();
      return false;
    }
  }

  async #connect(): Promise<void> {
    this.#drop();
    const peer = this.#port.createPeerConnection({});
    const keys = peer.createDataChannel(KEYS, { ordered: true });
    const motion = peer.createDataChannel(MOTION, { ordered: false, maxRetransmits: 0 });
    const attempt = { peer, keys, motion };
    this.#attempt = attempt;
    this.#timer = setTimeout(() => this.#giveUp(), CONNECT_MS);
    for (const channel of [keys, motion]) {
      channel.onopen = () => this.#handleOpen(attempt);
      channel.onclose = () => this.#fail();
    }
    motion.onmessage = ({ data }: MessageEvent<unknown>) => this.#handleProof(data);
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === 'failed') this.#giveUp();
    };
    try {
      await peer.setLocalDescription();
    } catch {
      if (this.#attempt === attempt) this.#fail();
      return;
    }
    if (this.#attempt !== attempt) return;
    // The gateway learns our address from our checks: nothing waits for candidates.
    const sdp = peer.localDescription?.sdp ?? '';
    if (!this.#signals.send({ type: 'channel/offer', sdp })) this.#fail();
  }

  async #handleAnswer(sdp: string): Promise<void> {
    const attempt = this.#attempt;
    if (attempt === null || attempt.peer.signalingState !== 'have-local-offer') return;
    try {
      await attempt.peer.setRemoteDescription({ type: 'answer', sdp });
    } catch {
      if (this.#attempt === attempt) this.#giveUp();
    }
  }

  #handleOpen({ keys, motion }: Attempt): void {
    if (keys.readyState !== 'open' || motion.readyState !== 'open') return;
    clearTimeout(this.#timer);
    this.#isOpen = true;
    this.#provenAtMs = performance.now();
  }

  #handleProof(data: unknown): void {
    const at = readPong(data);
    if (at === null) return;
    const now = performance.now();
    this.#proof.hear(at, now);
    // Opened and lost at once is no success.
    if (now - this.#provenAtMs > DEAD_MS) this.#failures = 0;
  }

  #giveUp(): void {
    this.#signals.send({ type: 'channel/closed', why: 'left' });
    this.#fail();
  }

  #fail(): void {
    if (!this.#drop() || !this.#isWanted) return;
    this.#failures += 1;
    if (this.#failures >= TRIES) return;
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.#failures - 1));
    const delayMs = backoffMs / 2 + (backoffMs / 2) * this.#port.random();
    this.#timer = setTimeout(() => void this.#connect(), delayMs);
  }

  /** False: there was nothing. */
  #drop(): boolean {
    clearTimeout(this.#timer);
    const attempt = this.#attempt;
    this.#attempt = null;
    this.#isOpen = false;
    this.#proof = new PathProof();
    if (attempt === null) return false;
    const { peer, keys, motion } = attempt;
    for (const channel of [keys, motion]) {
      channel.onopen = null;
      channel.onclose = null;
    }
    motion.onmessage = null;
    peer.onconnectionstatechange = null;
    peer.close();
    return true;
  }
}

function readPong(data: unknown): number | null {
  if (typeof data !== 'string') return null;
  try {
    const pong = JSON.parse(data) as { readonly at?: unknown } | null;
    return typeof pong?.at === 'number' ? pong.at : null;
  } catch {
    return null;
  }
}
