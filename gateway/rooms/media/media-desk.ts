import type { Grant } from '../../auth/grant.ts';
import type { EndReason } from '../../protocol/end-reason.ts';
import type {
  MediaPublisherEvent,
  MediaWatcherEvent,
} from '../../protocol/media/media-messages.ts';
import type { Dismissal } from '../hosts/host-channel.ts';
import type { SourcePlace } from '../hosts/source-place.ts';

/** On which side of `/ws/media` a client is. */
export type MediaSide = 'watch' | 'publish';

/** Who opens a media socket, and for which source; the token allows this side there. */
export interface MediaClaim extends SourcePlace {
  readonly side: MediaSide;
  readonly grant: Grant;
  /** Of the client. */
  readonly address: string;
}

/** What the middle sees of a media socket. */
export interface MediaChannel<Event> {
  send(event: Event): void;
  /** Closes it with code and sentence; the seat is released then. */
  dismiss(reason: Dismissal): void;
}

export type WatcherChannel = MediaChannel<MediaWatcherEvent>;
export type PublisherChannel = MediaChannel<
  Extract<MediaPublisherEvent, { type: 'media/welcome' }>
>;

/** A media socket's place in the middle: its session. */
export interface MediaSeat {
  /** The socket is gone. Idempotent: the first reason stays. */
  release(reason: EndReason): void;
}

export interface WatcherSeat extends MediaSeat {
  /** What it wants from now on; both, until it says otherwise. */
  want(wanted: { readonly picture: boolean; readonly sound: boolean }): void;
}

/** Sessions of media sockets. All is synchronous: nothing comes between `admit` and `open…`. */
export interface MediaDesk {
  /** Before the handshake. @throws GatewayError when there are too many, or another publishes the source */
  admit(claim: MediaClaim): void;
  /** Sends `media/welcome` and `media/state` at once, and `media/viewers` and `media/state` on changes. */
  openWatch(claim: MediaClaim, channel: WatcherChannel): WatcherSeat;
  /** Sends `media/welcome` at once; an older publisher of the same subject is dismissed first. */
  openPublish(claim: MediaClaim, channel: PublisherChannel): MediaSeat;
}
