import { LIMITS } from '../limits/limits.ts';
import { CLOSE_CODES } from '../protocol/close-codes.ts';
import type { EndReason } from '../protocol/end-reason.ts';
import { mediaKindOf } from '../protocol/media/media-kind.ts';
import {
  MediaPublisherMessage,
  MediaWatcherMessage,
  type MediaPublisherEvent,
  type MediaWatcherEvent,
} from '../protocol/media/media-messages.ts';
import { PUBLISH_MEDIA_PROTOCOL, WATCH_MEDIA_PROTOCOL } from '../protocol/media/media-protocol.ts';
import { readPainted } from '../protocol/media/painted.ts';
import type { MediaClaim, MediaDesk, MediaSide } from '../rooms/media/media-desk.ts';
import type { Feeds } from '../stripes/feeds.ts';
import type { Subscription } from '../stripes/stripe-feed.ts';
import { closeReason } from './close-reason.ts';
import { DISMISSALS } from './dismissal.ts';
import { JsonChannel, type SocketEnd } from './json-channel.ts';
import { MediaAlive } from './media-alive.ts';
import { MediaOutlet } from './media-outlet.ts';
import { PUBLISHER_RATES, WATCHER_RATES } from './media-rates.ts';
import type { OpenSockets } from './open-sockets.ts';
import { Handshake, type Upgrade } from './upgrade.ts';

export interface MediaSocketsDeps {
  readonly desk: MediaDesk;
  readonly feeds: Feeds;
  readonly open: OpenSockets;
  /** What a publisher tells of its last second. */
  readonly onFigures: (figures: MediaPublisherMessage) => void;
}

/** `/ws/media/:room/:source?` after its request was let in. */
export class MediaSockets {
  readonly #deps: MediaSocketsDeps;
  readonly #handshakes: Readonly<Record<MediaSide, Handshake>> = {
    watch: new Handshake({
      subprotocol: WATCH_MEDIA_PROTOCOL,
      messageBytes: LIMITS.mediaWatcherMessageBytes,
    }),
    publish: new Handshake({
      subprotocol: PUBLISH_MEDIA_PROTOCOL,
      messageBytes: LIMITS.mediaPublisherMessageBytes,
    }),
  };

  constructor(deps: MediaSocketsDeps) {
    this.#deps = deps;
  }

  /** @throws GatewayError before the handshake */
  admit(claim: MediaClaim): void {
    this.#deps.desk.admit(claim);
  }

  /** Makes the connection a media socket. */
  serve(upgrade: Upgrade, claim: MediaClaim): void {
    if (claim.side === 'watch') this.#watch(upgrade, claim);
    else this.#publish(upgrade, claim);
  }

  /** Says why not: pages do not see how an upgrade was answered by HTTP. */
  refuse(upgrade: Upgrade, side: MediaSide, code: number, sentence: string): void {
    const socket = this.#handshakes[side].accept(upgrade);
    socket?.on('error', () => undefined);
    socket?.close(code, closeReason(sentence));
  }

  #watch(upgrade: Upgrade, claim: MediaClaim): void {
    const { desk, feeds, open } = this.#deps;
    const socket = this.#handshakes.watch.accept(upgrade);
    if (socket === undefined) return;
    const alive = new MediaAlive((event) => channel.send(event));
    const channel = new JsonChannel<MediaWatcherMessage, MediaWatcherEvent>({
      socket,
      schema: MediaWatcherMessage,
      rates: WATCHER_RATES,
      queueBytes: LIMITS.mediaQueueBytes + LIMITS.mediaPictureBytes + LIMITS.socketQueueBytes,
      onMessage: (message) => {
        if (message.type === 'media/key') subscription.wantKey();
        else {
          const { picture, sound } = message;
          seat.want({ picture, sound });
          subscription.want({ picture, sound });
        }
        return undefined;
      },
      onBinary: (message) => receiptProblem(subscription, message),
      isExcused: () => subscription.owesReceipt,
      onEnd: (end) => {
        alive.stop();
        subscription.end();
        seat.release(REASONS[end]);
        forget(end);
      },
    });
    const forget = open.add('media-viewer', channel);
    const seat = desk.openWatch(claim, {
      send: (event) => channel.send(event),
      dismiss: (reason) => channel.close(...DISMISSALS[reason], 'dismissed'),
    });
    const outlet = new MediaOutlet({
      socket,
      connection: upgrade.socket,
      onStall: () => channel.close(CLOSE_CODES.timeout, NOTHING_PAINTED, 'slow'),
    });
    const subscription = feeds.at(claim).subscribe(outlet);
  }

  #publish(upgrade: Upgrade, claim: MediaClaim): void {
    const { desk, feeds, open, onFigures } = this.#deps;
    const socket = this.#handshakes.publish.accept(upgrade);
    if (socket === undefined) return;
    const alive = new MediaAlive((event) => channel.send(event));
    const channel = new JsonChannel<MediaPublisherMessage, MediaPublisherEvent>({
      socket,
      schema: MediaPublisherMessage,
      rates: PUBLISHER_RATES,
      onMessage: (message) => {
        onFigures(message);
        return undefined;
      },
      onBinary: (message) => publication.take(message),
      onEnd: (end) => {
        alive.stop();
        publication.end();
        seat.release(REASONS[end]);
        forget(end);
      },
    });
    const forget = open.add('media-publisher', channel);
    const seat = desk.openPublish(claim, {
      send: (event) => channel.send(event),
      dismiss: (reason) => channel.close(...DISMISSALS[reason], 'dismissed'),
    });
    const publication = feeds.at(claim).publish({ send: (event) => channel.send(event) });
  }
}

const NOTHING_PAINTED = 'Nothing was painted for too long.';

/** Of the session, when the socket ended so. */
const REASONS: Readonly<Record<SocketEnd, EndReason>> = {
  client: 'client',
  cut: 'left',
  silent: 'left',
  slow: 'left',
  malformed: 'broke-protocol',
  'too-large': 'broke-protocol',
  flood: 'broke-protocol',
  dismissed: 'left',
  shutdown: 'shutdown',
};

/** What is wrong with a binary message of a viewer, if anything. */
function receiptProblem(subscription: Subscription, message: Uint8Array): string | undefined {
  const kind = mediaKindOf(message);
  if (typeof kind === 'string') return kind;
  if (kind.kind !== 'painted') return 'Viewers send receipts only.';
  const frame = readPainted(message);
  if (typeof frame === 'string') return frame;
  return subscription.painted(frame) ? undefined : 'A receipt is for a picture that was not sent.';
}
