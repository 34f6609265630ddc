import { GatewayError } from '../../errors.ts';
import type { EndReason } from '../../protocol/end-reason.ts';
import type { Listener } from '../audience.ts';
import type { Audiences } from '../audiences.ts';
import type { Dismissal } from '../hosts/host-channel.ts';
import type { Sources } from '../hosts/sources.ts';
import type { Session } from '../session.ts';
import type { Sessions, SessionWish } from '../sessions.ts';
import type {
  MediaClaim,
  MediaDesk,
  MediaSeat,
  PublisherChannel,
  WatcherChannel,
  WatcherSeat,
} from './media-desk.ts';

/** How a socket hears of an end that is not its own. */
const DISMISSALS: Partial<Record<EndReason, Dismissal>> = {
  replaced: 'replaced',
  expired: 'expired',
  revoked: 'revoked',
  kicked: 'kicked',
  shutdown: 'shutdown',
  moved: 'moved',
};

/** Media sockets as sessions of the registry. */
export class MediaSessions implements MediaDesk {
  readonly #sessions: Sessions;
  readonly #sources: Sources;
  readonly #audiences: Audiences;
  readonly #isOn: boolean;

  constructor(deps: {
    readonly sessions: Sessions;
    readonly sources: Sources;
    readonly audiences: Audiences;
    /** Whether anybody is let in. */
    readonly isOn: boolean;
  }) {
    this.#sessions = deps.sessions;
    this.#sources = deps.sources;
    this.#audiences = deps.audiences;
    this.#isOn = deps.isOn;
  }

  admit(claim: MediaClaim): void {
    if (!this.#isOn) throw off();
    this.#sessions.requirePlace(wishOf(claim));
  }

  openWatch(claim: MediaClaim, channel: WatcherChannel): WatcherSeat {
    const session = this.#open(claim, channel);
    channel.send({ type: 'media/welcome', session: session.secret });
    const leave = this.#audiences.join(session, this.#listener(session, channel));
    return {
      want: ({ picture, sound }) => this.#sources.find(session)?.wants(session, picture || sound),
      release: (reason) => {
        leave();
        void this.#sessions.end(session, reason);
      },
    };
  }

  openPublish(claim: MediaClaim, channel: PublisherChannel): MediaSeat {
    const session = this.#open(claim, channel);
    channel.send({ type: 'media/welcome', session: session.secret });
    return { release: (reason) => void this.#sessions.end(session, reason) };
  }

  #open(claim: MediaClaim, channel: Pick<WatcherChannel, 'dismiss'>): Session {
    return this.#sessions.openBySocket(wishOf(claim), {
      release: (reason) => channel.dismiss(DISMISSALS[reason] ?? 'ended'),
    });
  }

  /** Tells a watcher how it is with its publishers, now and on changes, and how many watch. */
  #listener({ room, source }: Session, channel: WatcherChannel): Listener {
    const { registry } = this.#sessions;
    const state = () => ({
      publishing: registry.room(room)?.isLive(source, 'websocket') === true,
      webrtc: registry.room(room)?.isLive(source, 'webrtc') === true,
    });
    let told = state();
    let count: number | null = null;
    channel.send({ type: 'media/state', ...told });
    return {
      published: () => {
        const now = state();
        if (now.publishing === told.publishing && now.webrtc === told.webrtc) return;
        told = now;
        channel.send({ type: 'media/state', ...now });
      },
      counted: (viewers) => {
        if (viewers === count) return;
        count = viewers;
        channel.send({ type: 'media/viewers', count: viewers });
      },
    };
  }
}

const off = (): GatewayError => new GatewayError('not-found', 'Media over WebSockets is off here.');

const wishOf = ({ side, room, source, grant, address }: MediaClaim): SessionWish => ({
  kind: side,
  room,
  source,
  grant,
  address,
});
