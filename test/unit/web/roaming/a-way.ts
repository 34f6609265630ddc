import { Observable } from '../../../../web/core/observable.ts';
import type { WebrtcWay } from '../../../../web/core/roaming/roaming-client.ts';
import type { WhepState } from '../../../../web/core/whep-client.ts';

/** One way of watching that does as a test says; it counts its starts and ends. */
export class FakeWay implements WebrtcWay {
  readonly state = new Observable<WhepState>({ kind: 'idle' });
  readonly session = new Observable<string | null>(null);
  readonly viewers = new Observable<number | null>(null);
  readonly stream = new Observable<MediaStream | null>(null);
  readonly webrtc = new Observable<boolean | null>(null);
  readonly isStuck = new Observable(false);
  readonly name: string;
  readonly log: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** A player in a worker says it a moment later. */
  start(): void {
    this.log.push('start');
    if (this.name === 'webrtc') this.connect();
  }

  connect(): void {
    this.state.set({ kind: 'connecting' });
  }

  stop(): void {
    if (this.state.value.kind === 'failed') return;
    this.log.push('stop');
    this.session.set(null);
    this.viewers.set(null);
    this.state.set({ kind: 'stopped' });
  }

  retryNow(): void {
    this.log.push('retry');
  }

  counters(): Promise<null> {
    return Promise.resolve(null);
  }

  /** Its picture comes. */
  play(): void {
    this.session.set(`secret of ${this.name}`);
    this.viewers.set(1);
    this.state.set({ kind: 'live' });
  }

  fail(code: 'udp-blocked' | 'network' | 'token-expired' | 'connection-lost'): void {
    this.session.set(null);
    this.viewers.set(null);
    const problem = { code, status: null, detail: '', retryAfterMs: null };
    const isFinal = code === 'token-expired';
    this.state.set(
      isFinal
        ? { kind: 'failed', problem }
        : { kind: 'reconnecting', problem, retryAtMs: Date.now() + 1_000 },
    );
  }
}
