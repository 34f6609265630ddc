import { HostError, toHostError } from '../host-error.ts';
import type { IceServer } from '../media/plan.ts';
import type { PathObservation } from '../publish/path-estimate.ts';
import { DirectClient, type SharedMedia } from './direct-client.ts';
import type { TrickledCandidate } from './trickled-candidate.ts';
import { WorstPath } from './worst-path.ts';

const MOST_KNOWN = 64;

const restarted = (): HostError => new HostError('refused', 'It restarts ICE.');

/** What those who share an encoder had in all. */
export interface DirectTotals {
  octets: number;
  resent: number;
  keyframeRequests: number;
  /** The longest; null: nobody has told. */
  rttMs: number | null;
}

export interface DirectClientsEvents {
  readonly onAnswer: (client: string, sdp: string) => void;
  readonly onCandidate: (client: string, candidate: TrickledCandidate) => void;
  readonly onFrame: (client: string, text: string) => void;
  readonly onGone: (client: string, why: string) => void;
  /** Of those that are connected there are more, or fewer. */
  readonly onConnected: (count: number) => void;
  readonly onKeyframeWish: () => void;
}

/** The clients that get one encoded picture: each has a connection and feedback of its own. */
export class DirectClients {
  readonly #media: SharedMedia;
  readonly #events: DirectClientsEvents;
  readonly #clients = new Map<string, DirectClient>();
  readonly #path = new WorstPath();
  /** Certificates of the connections that clients have had. */
  readonly #known = new Map<string, string>();
  readonly #past = { octets: 0, resent: 0, keyframeRequests: 0 };
  #targetKbps: number;

  constructor(media: SharedMedia, targetKbps: number, events: DirectClientsEvents) {
    this.#media = media;
    this.#targetKbps = targetKbps;
    this.#events = events;
  }

  get connected(): number {
    return [...this.#clients.values()].filter(({ isConnected }) => isConnected).length;
  }

  get totals(): DirectTotals {
    const totals: DirectTotals = { ...this.#past, rttMs: null };
    for (const { traffic } of this.#clients.values()) {
      if (traffic === null) continue;
      totals.octets += traffic.octets;
      totals.resent += traffic.resent;
      totals.keyframeRequests += traffic.keyframeRequests;
      totals.rttMs = Math.max(totals.rttMs ?? 0, traffic.rttMs ?? 0);
    }
    return totals;
  }

  /** Answers a client; another offer of the same one takes the place of what it had. */
  offer(id: string, sdp: string, iceServers: readonly IceServer[]): void {
    this.end(id);
    const events = this.#events;
    const isMine = (): boolean => this.#clients.get(id) === client;
    let client: DirectClient | null = null;
    try {
      client = new DirectClient(sdp, {
        ...{ media: this.#media, iceServers, targetKbps: this.#targetKbps },
        onCandidate: (candidate) => isMine() && events.onCandidate(id, candidate),
        onConnected: () => {
          this.#note(id, client?.fingerprint ?? '');
          events.onConnected(this.connected);
          events.onKeyframeWish();
        },
        onKeyframeWish: () => this.#wishKeyframe(id),
        onFrame: (text) => events.onFrame(id, text),
        onGone: (why) => isMine() && this.#lose(id, why),
      });
      this.#clients.set(id, client);
      // Another ICE under the same DTLS and SCTP is more than the library can: it is to connect anew.
      if (this.#known.get(id) === client.fingerprint) throw restarted();
      events.onAnswer(id, client.answer());
    } catch (error) {
      this.#lose(id, toHostError(error, 'refused').message);
    }
  }

  /** What a client trickles; of one that is gone it is dropped. */
  addCandidate(id: string, line: string): void {
    this.#clients.get(id)?.addCandidate(line);
  }

  /** Whether a client may control. */
  admit(id: string, mayControl: boolean): void {
    this.#clients.get(id)?.admit(mayControl);
  }

  /** Takes no more input of a client. */
  mute(id: string): void {
    this.#clients.get(id)?.mute();
  }

  /** The gateway has lost a client. */
  doubt(id: string): void {
    this.#clients.get(id)?.doubt();
  }

  /** Lets go of a client without a word. */
  end(id: string): void {
    const client = this.#clients.get(id);
    if (client === undefined) return;
    const { isConnected, traffic } = client;
    this.#clients.delete(id);
    if (traffic !== null) {
      this.#past.octets += traffic.octets;
      this.#past.resent += traffic.resent;
      this.#past.keyframeRequests += traffic.keyframeRequests;
    }
    client.close();
    if (isConnected) this.#events.onConnected(this.connected);
  }

  /** A packet of the picture to all; false when it went out to nobody. */
  picture(packet: Buffer): boolean {
    let isOut = false;
    for (const client of this.#clients.values()) isOut = client.picture(packet) || isOut;
    return isOut;
  }

  sound(packet: Buffer): void {
    for (const client of this.#clients.values()) client.sound(packet);
  }

  /** The path of the one that is worst off. `mostKbps`: that the picture may ever have. */
  observe(mostKbps: number): PathObservation {
    const paths = [...this.#clients].flatMap(([client, one]) => {
      const seen = one.observe();
      return seen === null ? [] : [{ client, seen }];
    });
    return this.#path.merge(paths, this.#targetKbps / mostKbps, performance.now());
  }

  targetChanged(kbps: number): void {
    this.#targetKbps = kbps;
    for (const client of this.#clients.values()) client.targetChanged(kbps);
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  /** Whoever was left behind would have all others take key frames without end. */
  #wishKeyframe(id: string): void {
    if (this.#path.isLeftBehind(id, performance.now())) return;
    this.#events.onKeyframeWish();
  }

  #note(id: string, fingerprint: string): void {
    this.#known.delete(id);
    this.#known.set(id, fingerprint);
    const [oldest = id] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN) this.#known.delete(oldest);
  }

  #lose(id: string, why: string): void {
    this.end(id);
    this.#events.onGone(id, why);
  }
}
