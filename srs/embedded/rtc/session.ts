import type { MediaEnd, MediaKind, MediaStats } from '../media.ts';
import type { Traffic } from '../traffic.ts';
import type { Pipe, PipeEnd, PipeOwner } from './pipe.ts';
import type { Stream } from './stream.ts';

/** A publisher or a viewer, as its session sees it. */
export interface Role {
  readonly frames: number;
  receive(packet: Buffer, nowMs: number): void;
}

export interface SessionOwner {
  onConnected(session: Session): void;
  onEnded(session: Session, reason: MediaEnd): void;
}

/** One client: its pipe, its role on a stream, and when it was last heard. */
export class Session implements PipeOwner {
  readonly id: string;
  readonly kind: MediaKind;
  readonly stream: Stream;
  readonly #owner: SessionOwner;
  readonly #now: () => number;
  readonly #traffic: Traffic;
  #pipe: Pipe | null = null;
  #role: Role | null = null;
  #state: 'opening' | 'connected' | 'closed' = 'opening';
  #heardMs: number;
  #sentAtSweep = 0;
  #receivedBytes = 0;

  constructor(options: {
    readonly id: string;
    readonly kind: MediaKind;
    readonly stream: Stream;
    readonly owner: SessionOwner;
    readonly now: () => number;
    readonly traffic: Traffic;
  }) {
    this.id = options.id;
    this.kind = options.kind;
    this.stream = options.stream;
    this.#owner = options.owner;
    this.#now = options.now;
    this.#traffic = options.traffic;
    this.#heardMs = options.now();
  }

  get stats(): MediaStats {
    return {
      connected: this.#state === 'connected',
      sendBytes: this.#pipe?.sentBytes ?? 0,
      recvBytes: this.#receivedBytes,
      frames: this.#role?.frames ?? 0,
    };
  }

  /** Completes the session once its pipe exists, before the client can have sent anything. */
  begin(pipe: Pipe, role: Role): void {
    this.#pipe = pipe;
    this.#role = role;
  }

  onPacket(packet: Buffer): void {
    if (this.#state === 'closed') return;
    const nowMs = this.#now();
    this.#heardMs = nowMs;
    this.#receivedBytes += packet.length;
    this.#traffic.received += 1;
    this.#role?.receive(packet, nowMs);
  }

  onConnected(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'connected';
    this.#heardMs = this.#now();
    this.#owner.onConnected(this);
  }

  onEnded(end: PipeEnd): void {
    if (this.#state === 'closed') return;
    this.#owner.onEnded(this, end === 'peer' ? 'peer' : 'timeout');
  }

  /**
   * Whether nothing came for `limitMs`. A viewer to whom nothing is sent has nothing to report:
   * its silence is no fault while the library's ICE consent (28 s) holds.
   */
  isSilent(limitMs: number): boolean {
    const sent = this.#pipe?.sentBytes ?? 0;
    const idle = this.kind === 'play' && sent === this.#sentAtSweep;
    this.#sentAtSweep = sent;
    if (this.#state === 'connected' && idle) this.#heardMs = this.#now();
    return this.#now() - this.#heardMs >= limitMs;
  }

  /** Ends it silently; what the client still sends is ignored. */
  close(): void {
    this.#state = 'closed';
    this.#pipe?.close();
  }
}
