import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';

import type { Candidate } from '../../../native/candidates.ts';
import { ownAddresses } from '../../../native/candidates.ts';
import type { Native } from '../../../native/library.ts';
import { startNative } from '../../../native/library.ts';
import type {
  LayerChoice,
  Media,
  MediaEnd,
  MediaOffer,
  MediaOptions,
  MediaSink,
  MediaTap,
  OpenedMedia,
} from '../media.ts';
import { MediaError } from '../media.ts';
import { Traffic } from '../traffic.ts';
import { Egress } from './egress.ts';
import { Pipe } from './pipe.ts';
import { Publisher } from './publisher.ts';
import type { Agreement } from './sdp/agreement.ts';
import { agree } from './sdp/agreement.ts';
import { writeAnswer } from './sdp/answer.ts';
import { readOffer } from './sdp/offer.ts';
import type { Role, SessionOwner } from './session.ts';
import { Session } from './session.ts';
import { Stream } from './stream.ts';
import { StreamTap } from './stream-tap.ts';
import { Viewer } from './viewer.ts';

const TICK_MS = 10;

/** Epoch milliseconds that never step back. */
const monotonicNow = (): number => performance.timeOrigin + performance.now();

/**
 * Starts the media side of the engine on one UDP port. Only in the engine's own process: the
 * native library aborts in worker threads and cannot be started twice.
 * @throws Error when the port cannot be opened.
 */
export const createMedia = (options: MediaOptions): Promise<Media> =>
  new Promise((resolve) => resolve(new MediaCore(options, startNative(options))));

class MediaCore implements Media, SessionOwner {
  readonly traffic = new Traffic();
  readonly #options: MediaOptions;
  readonly #native: Native;
  readonly #egress: Egress;
  readonly #streams = new Map<string, Stream>();
  readonly #sessions = new Map<string, { readonly session: Session; readonly role: Role }>();
  readonly #ticker: NodeJS.Timeout;
  readonly #sweeper: NodeJS.Timeout;
  #answers = 0;
  #down = false;

  constructor(options: MediaOptions, native: Native) {
    this.#options = options;
    this.#native = native;
    this.#egress = new Egress({
      now: monotonicNow,
      traffic: this.traffic,
      onOverload: ({ lateMs, dropped }) =>
        options.log(
          'warn',
          `overloaded: sending was ${Math.round(lateMs)} ms late, ${dropped} packets of video dropped`,
        ),
    });
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#sweeper = setInterval(() => this.#sweep(), options.sweepMs);
  }

  async open(offer: MediaOffer): Promise<OpenedMedia> {
    if (this.#down) throw new MediaError(5021, 'the engine is shutting down');
    const known = this.#streams.get(offer.key);
    const publish = offer.kind === 'publish';
    if (publish && known?.busy === true) throw new MediaError(5020, 'the stream is published');
    const agreement = agree(readOffer(offer.sdp), {
      kind: offer.kind,
      codec: offer.codec,
      live: known?.codecs.video ?? null,
    });
    const stream = known ?? new Stream(offer.key, this.#egress);
    this.#hold(stream, publish);
    try {
      return await this.#begin(offer, agreement, stream);
    } catch (error) {
      this.#release(stream, publish);
      throw error;
    }
  }

  close(id: string): void {
    const found = this.#sessions.get(id);
    if (found !== undefined) this.#remove(found.session, found.role);
  }

  stats(id: string) {
    return this.#sessions.get(id)?.session.stats ?? null;
  }

  layers(key: string) {
    return this.#streams.get(key)?.video.stats() ?? [];
  }

  layer(id: string) {
    const found = this.#sessions.get(id);
    const feed = found?.role instanceof Viewer ? found.role.video : null;
    return feed === null ? null : (found?.session.stream.video.statsOf(feed) ?? null);
  }

  chooseLayer(id: string, choice: LayerChoice): boolean {
    const found = this.#sessions.get(id);
    const feed = found?.role instanceof Viewer ? found.role.video : null;
    if (found === undefined || feed === null) return false;
    return found.session.stream.video.choose(feed, choice, monotonicNow());
  }

  tap(id: string, sink: MediaSink): MediaTap | null {
    const found = this.#sessions.get(id);
    if (found === undefined || !(found.role instanceof Publisher)) return null;
    return new StreamTap({ stream: found.session.stream, sink, now: monotonicNow });
  }

  codecs(key: string) {
    return this.#streams.get(key)?.codecs ?? { video: null, audio: null };
  }

  shutdown(): void {
    this.#down = true;
    clearInterval(this.#ticker);
    clearInterval(this.#sweeper);
    for (const { session, role } of [...this.#sessions.values()]) this.#remove(session, role);
    this.#native.listener.stop();
  }

  onConnected(session: Session): void {
    const role = this.#sessions.get(session.id)?.role;
    if (role instanceof Viewer) session.stream.join(role, monotonicNow());
    if (role !== undefined) this.#options.events.connected(session.id);
  }

  onEnded(session: Session, reason: MediaEnd): void {
    const role = this.#sessions.get(session.id)?.role;
    if (role === undefined) return;
    this.#remove(session, role);
    this.#options.events.ended(session.id, reason);
  }

  async #begin(offer: MediaOffer, agreement: Agreement, stream: Stream): Promise<OpenedMedia> {
    const id = randomUUID();
    const session = new Session({
      ...{ id, kind: offer.kind, stream, owner: this, now: monotonicNow },
      traffic: this.traffic,
    });
    const pipe = await Pipe.open(this.#native, agreement.transport, session);
    if (this.#down) {
      pipe.close();
      throw new MediaError(5021, 'the engine is shutting down');
    }
    const role = createRole(agreement, stream, pipe, this.traffic);
    session.begin(pipe, role);
    this.#sessions.set(id, { session, role });
    this.#answers += 1;
    const sent = (kind: 'audio' | 'video') => {
      const { ssrc, cname } = stream.announced(kind);
      return { ssrc, cname, streamId: stream.streamId };
    };
    const sdp = writeAnswer({
      agreement,
      transport: pipe.transport,
      candidates: this.#candidates(offer),
      sessionId: this.#answers,
      sent: offer.kind === 'play' ? { audio: sent('audio'), video: sent('video') } : null,
    });
    const { ufrag } = pipe.transport;
    return { id, sdp, localUfrag: ufrag, remoteUfrag: agreement.transport.ufrag };
  }

  #candidates(offer: MediaOffer): readonly Candidate[] {
    const { port, bindAddress, candidates } = this.#options;
    const own = ownAddresses({
      configured: candidates,
      bindAddress,
      interfaces: networkInterfaces(),
    });
    return [
      ...own.map((address) => ({ address, port })),
      ...offer.extraCandidates.map((extra) => ({
        address: extra.address,
        port: extra.port ?? port,
      })),
    ];
  }

  #hold(stream: Stream, publish: boolean): void {
    this.#streams.set(stream.key, stream);
    stream.holders += 1;
    if (publish) stream.busy = true;
  }

  #release(stream: Stream, publish: boolean): void {
    stream.holders -= 1;
    if (publish) stream.busy = false;
    if (stream.holders === 0) this.#streams.delete(stream.key);
  }

  #remove(session: Session, role: Role): void {
    this.#sessions.delete(session.id);
    if (role instanceof Viewer) session.stream.leave(role);
    if (role instanceof Publisher) session.stream.detach(role);
    session.close();
    this.#release(session.stream, session.kind === 'publish');
  }

  #tick(): void {
    const nowMs = monotonicNow();
    for (const stream of this.#streams.values()) stream.tick(nowMs);
  }

  #sweep(): void {
    for (const { session } of [...this.#sessions.values()]) {
      if (session.isSilent(this.#options.inactivityMs)) this.onEnded(session, 'timeout');
    }
  }
}

const createRole = (agreement: Agreement, stream: Stream, pipe: Pipe, traffic: Traffic): Role => {
  const send = (packet: Buffer): boolean => {
    const isSent = pipe.send(packet);
    if (isSent) traffic.sent += 1;
    else traffic.unsent += 1;
    return isSent;
  };
  if (agreement.kind === 'play') {
    return new Viewer({ agreement, stream, send, traffic, now: monotonicNow });
  }
  const publisher = new Publisher({ agreement, stream, send, traffic, nowMs: monotonicNow() });
  stream.attach(publisher);
  return publisher;
};
