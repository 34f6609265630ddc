import { createBrowserPort } from '../browser-port.ts';
import { LayerChoice } from '../layer-choice.ts';
import { Observable } from '../observable.ts';
import type { PlayerCounters } from '../player-report.ts';
import type { WebrtcWay } from '../roaming/roaming-client.ts';
import type { WatchStats } from '../watch-stats.ts';
import type { WhepState } from '../whep-client.ts';
import type { DirectPlace, DirectPort } from './direct-terms.ts';
import { DirectViewer } from './direct-viewer.ts';
import { DirectChannels } from './input-channels.ts';

/** Where to watch; `control` ties the session to that of the viewer's socket. */
export interface DirectWatchOptions extends DirectPlace {
  /** `resume` of the last `control/welcome`; null while there is none. */
  readonly control: Observable<string | null>;
}

/**
 * Watches whoever gives a source directly: a sender or a host. It waits for both; the first one that
 * is there is watched, and the other is no longer waited for.
 */
export class DirectWatch implements WebrtcWay {
  readonly state = new Observable<WhepState>({ kind: 'idle' });
  readonly stream = new Observable<MediaStream | null>(null);
  readonly isStuck = new Observable(false);
  /** No gateway knows of what is watched, nor how many watch. */
  readonly session = new Observable<string | null>(null);
  readonly viewers = new Observable<number | null>(null);
  readonly layers: LayerChoice;
  /** For input to a host, past the gateway. */
  readonly channels = new DirectChannels();
  readonly #viewers: readonly [DirectViewer, DirectViewer];
  readonly #control: Observable<string | null>;

  constructor(options: DirectWatchOptions, port: DirectPort = createBrowserPort()) {
    const { control, ...place } = options;
    const { channels } = this;
    this.#control = control;
    this.layers = new LayerChoice(createBrowserPort());
    this.#viewers = [
      new DirectViewer({ ...place, role: 'receiver' }, port),
      new DirectViewer({ ...place, role: 'client', channels }, port),
    ];
    for (const viewer of this.#viewers) {
      viewer.hasCounterpart.subscribe(() => this.#choose(viewer));
      for (const told of [viewer.state, viewer.stream, viewer.isStuck]) {
        told.subscribe(() => this.#tell());
      }
    }
    const [, client] = this.#viewers;
    client.signal.state.subscribe(() => this.#prove());
    control.subscribe(() => this.#prove());
  }

  start(): void {
    const { kind } = this.state.value;
    if (kind !== 'idle' && kind !== 'stopped' && kind !== 'failed') return;
    for (const viewer of this.#viewers) viewer.start();
  }

  stop(): void {
    for (const viewer of this.#viewers) viewer.stop();
  }

  retryNow(): void {
    for (const viewer of this.#viewers) viewer.retryNow();
  }

  /** Reports to the gateway are of sessions that it knows. */
  counters(): Promise<PlayerCounters | null> {
    return Promise.resolve(null);
  }

  async stats(): Promise<WatchStats | null> {
    return await this.#told.stats();
  }

  async report(): Promise<RTCStatsReport | null> {
    return await this.#told.report();
  }

  /** Who has somebody to watch speaks, else who is still waiting. */
  get #told(): DirectViewer {
    const [receiver, client] = this.#viewers;
    return client.hasCounterpart.value ? client : receiver;
  }

  #choose(chosen: DirectViewer): void {
    if (!chosen.hasCounterpart.value) return;
    for (const viewer of this.#viewers) if (viewer !== chosen) viewer.stop();
    this.#tell();
  }

  #tell(): void {
    const { state, stream, isStuck } = this.#told;
    this.isStuck.set(isStuck.value);
    this.stream.set(stream.value);
    this.state.set(state.value);
  }

  /** A host takes input from whose control session it knows. */
  #prove(): void {
    const [, client] = this.#viewers;
    const control = this.#control.value;
    if (control === null || client.signal.state.value.kind !== 'live') return;
    client.signal.send({ type: 'control', control });
  }
}
