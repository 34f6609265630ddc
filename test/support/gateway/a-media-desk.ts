import type {
  MediaPublisherEvent,
  MediaWatcherEvent,
} from '../../../gateway/protocol/media/media-messages.ts';
import type { Dismissal } from '../../../gateway/rooms/hosts/host-channel.ts';
import type {
  MediaChannel,
  MediaClaim,
  MediaSeat,
  WatcherSeat,
} from '../../../gateway/rooms/media/media-desk.ts';
import { MediaSessions } from '../../../gateway/rooms/media/media-sessions.ts';
import type { Session } from '../../../gateway/rooms/session.ts';
import type { SessionRules } from '../../../gateway/rooms/sessions.ts';
import { aCore, aGrant, aRoom, aSource } from './a-gateway-core.ts';
import { HostStage } from './a-host-desk.ts';

type MediaEvent = MediaWatcherEvent | MediaPublisherEvent;

/** A media socket that is none: what it was told. Dismissed, it gives its seat back as a real one does. */
export class FakeMediaChannel implements MediaChannel<MediaEvent> {
  readonly told: MediaEvent[] = [];
  dismissed: Dismissal | null = null;
  seat: MediaSeat | undefined;

  send(event: MediaEvent): void {
    this.told.push(event);
  }

  dismiss(reason: Dismissal): void {
    this.dismissed ??= reason;
    this.seat?.release('client');
  }

  heard<Type extends MediaEvent['type']>(type: Type): Extract<MediaEvent, { type: Type }>[] {
    return this.told.filter(
      (event): event is Extract<MediaEvent, { type: Type }> => event.type === type,
    );
  }
}

export interface JoinedSocket<Seat extends MediaSeat> {
  readonly channel: FakeMediaChannel;
  readonly seat: Seat;
  readonly session: Session;
}

/** The middle of media sockets, beside hosts and viewers. */
export class MediaStage extends HostStage {
  readonly desk = new MediaSessions({
    sessions: this.core.sessions,
    sources: this.sources,
    audiences: this.core.audiences,
    isOn: true,
  });

  watchBySocket(given: Partial<MediaClaim> = {}): JoinedSocket<WatcherSeat> {
    const channel = new FakeMediaChannel();
    const claim = aClaim({ side: 'watch', ...given });
    return this.#joined(channel, this.desk.openWatch(claim, channel));
  }

  publishBySocket(given: Partial<MediaClaim> = {}): JoinedSocket<MediaSeat> {
    const channel = new FakeMediaChannel();
    const claim = aClaim({ side: 'publish', ...given });
    return this.#joined(channel, this.desk.openPublish(claim, channel));
  }

  #joined<Seat extends MediaSeat>(channel: FakeMediaChannel, seat: Seat): JoinedSocket<Seat> {
    channel.seat = seat;
    const [welcome] = channel.heard('media/welcome');
    const session = welcome && this.core.registry.bySecret(welcome.session);
    if (session === undefined) throw new Error('there is no session');
    return { channel, seat, session };
  }
}

export const aMediaStage = async (rules: Partial<SessionRules> = {}): Promise<MediaStage> =>
  new MediaStage(await aCore(rules));

/** Anna at `demo/main`. */
export const aClaim = (given: Partial<MediaClaim> = {}): MediaClaim => ({
  side: 'watch',
  room: aRoom('demo'),
  source: aSource('main'),
  grant: aGrant(),
  address: '192.0.2.1',
  ...given,
});
