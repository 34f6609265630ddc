import { onTestFinished } from 'vitest';
import type { FromMedia, ToMedia } from '../../../host-publisher/media/messages.ts';
import type { MediaPlan } from '../../../host-publisher/media/plan.ts';
import { MediaChild } from '../../../host-publisher/supervision/media-child.ts';
import { aPlan } from '../host/a-plan.ts';
import { waitFor } from '../wait-for.ts';
import { DirectPeer } from './direct-peer.ts';

const TIMEOUT_MS = 20_000;
const ATTEMPTS = 3;

type Said<T extends FromMedia['type']> = Extract<FromMedia, { type: T }>;

/** A real media process that answers clients, without an agent or a gateway. */
export class DirectMedia {
  readonly said: FromMedia[] = [];
  readonly #child: MediaChild;
  readonly #peers: DirectPeer[] = [];
  readonly #heard = new Map<string, (message: FromMedia) => void>();

  private constructor() {
    this.#child = new MediaChild({
      onMessage: (message) => {
        this.said.push(message);
        for (const hear of this.#heard.values()) hear(message);
      },
    });
    onTestFinished(async () => {
      for (const peer of this.#peers) peer.close();
      await this.#child.stop();
    });
  }

  /** Resolves when it captures. */
  static async open(plan: Partial<MediaPlan> = {}): Promise<DirectMedia> {
    const media = new DirectMedia();
    media.send({ type: 'direct-open', plan: aPlan({ modes: ['direct'], ...plan }) });
    await media.says('direct-opened');
    return media;
  }

  get isAlive(): boolean {
    return this.#child.isAlive;
  }

  send(message: ToMedia): void {
    this.#child.send(message);
  }

  of<T extends FromMedia['type']>(type: T): Said<T>[] {
    return this.said.filter((message): message is Said<T> => message.type === type);
  }

  /** Waits for a message of this kind that is so. */
  says<T extends FromMedia['type']>(
    type: T,
    isSo: (message: Said<T>) => boolean = () => true,
  ): Promise<Said<T>> {
    return waitFor(
      () => {
        const failed = this.of('failed')[0];
        if (failed !== undefined && type !== 'failed') throw new Error(failed.message);
        return this.of(type).find(isSo);
      },
      { timeoutMs: TIMEOUT_MS, what: type },
    );
  }

  /** A client that is connected, with its channels open; a former one of that name is left alone. */
  async connect(client: string): Promise<DirectPeer> {
    for (let attempt = 1; ; attempt += 1) {
      const peer = new DirectPeer();
      this.#peers.push(peer);
      this.#heard.set(client, handTo(peer, client));
      this.send({ type: 'direct-offer', client, sdp: peer.offer(), iceServers: [] });
      try {
        await Promise.all([peer.connected, peer.opened]);
        return peer;
      } catch (error) {
        // As the offering side libdatachannel may lose a race (its pull request 1612).
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }
}

/** Hands what the media process says to one client to that. */
function handTo(peer: DirectPeer, client: string): (message: FromMedia) => void {
  let isAnswered = false;
  return (message) => {
    if (message.type === 'direct-answer' && message.client === client) {
      isAnswered = true;
      peer.accept(message.sdp);
    }
    if (message.type === 'direct-candidate' && message.client === client && isAnswered) {
      peer.addCandidate(message.candidate.candidate, message.candidate.sdpMid);
    }
  };
}
