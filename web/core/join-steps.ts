import { Observable } from './observable.ts';
import { StatsIndex } from './stats-entry.ts';
import type { StatsReport } from './stats-entry.ts';

/** How far one session came, in ms since its connection was made; null: not yet. */
export interface JoinSteps {
  /** Last segment of the session's URL; null before the answer. */
  readonly session: string | null;
  /** First answer to an ICE check. */
  readonly stun: number | null;
  readonly dtls: number | null;
  readonly rtp: number | null;
  readonly frame: number | null;
  /** Why it was given up. */
  readonly problem: string | null;
}

const NOTHING: JoinSteps = {
  ...{ session: null, stun: null, dtls: null, rtp: null, frame: null, problem: null },
};

/** Notes when a player's sessions reach each step; it begins anew with each session. */
export class JoinWatch {
  /** Of the latest session, also after its end. */
  readonly steps = new Observable<JoinSteps>(NOTHING);
  #begin = 0;

  /** A session begins on this connection. */
  begin(pc: RTCPeerConnection): void {
    this.#begin = performance.now();
    this.steps.set({ ...NOTHING });
    pc.oniceconnectionstatechange = () => {
      const { iceConnectionState: state } = pc;
      if (state === 'connected' || state === 'completed') this.#reach('stun');
    };
  }

  /** The server answered. */
  answered(session: string | null): void {
    if (session !== null) this.#set({ session });
  }

  connected(): void {
    // Safari tells of the one and not of the other.
    this.#reach('stun');
    this.#reach('dtls');
  }

  /** What the receiver has counted. */
  note(report: StatsReport): void {
    const { rtp, frame } = this.steps.value;
    if (rtp !== null && frame !== null) return;
    const received = new StatsIndex(report).all('inbound-rtp');
    const any = (key: string) => received.some((entry) => (entry.number(key) ?? 0) > 0);
    if (any('packetsReceived')) this.#reach('rtp');
    if (any('framesDecoded')) this.#reach('frame');
  }

  /** The session was given up. */
  failed(problem: string): void {
    this.#set({ problem });
  }

  #reach(step: 'stun' | 'dtls' | 'rtp' | 'frame'): void {
    if (this.steps.value[step] !== null) return;
    this.#set({ [step]: Math.round(performance.now() - this.#begin) });
  }

  #set(more: Partial<JoinSteps>): void {
    this.steps.set({ ...this.steps.value, ...more });
  }
}
