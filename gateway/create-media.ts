import { recordMedia } from './observability/media-record.ts';
import type { Metrics } from './observability/metrics.ts';
import type { Audiences } from './rooms/audiences.ts';
import type { Sources } from './rooms/hosts/sources.ts';
import { MediaSessions } from './rooms/media/media-sessions.ts';
import type { Sessions } from './rooms/sessions.ts';
import { Feeds } from './stripes/feeds.ts';
import { MediaSockets } from './ws/media-sockets.ts';
import type { OpenSockets } from './ws/open-sockets.ts';

/** Media over WebSockets: its sockets, which are sessions, and its fan-out. */
export interface Media {
  readonly mediaSockets: MediaSockets;
  /** Sizes of what clients can fill. */
  readonly tables: Readonly<Record<string, () => number>>;
}

export function createMedia(deps: {
  /** Whether it is served at all. */
  readonly isOn: boolean;
  readonly sessions: Sessions;
  readonly audiences: Audiences;
  readonly sources: Sources;
  readonly open: OpenSockets;
  readonly metrics: Metrics;
}): Media {
  const { figures, note } = recordMedia(deps.metrics.registry);
  const feeds = new Feeds({ figures, now: () => performance.now() });
  return {
    mediaSockets: new MediaSockets({
      desk: new MediaSessions(deps),
      feeds,
      open: deps.open,
      onFigures: note,
    }),
    tables: { stripe_feeds: () => feeds.size, audiences: () => deps.audiences.size },
  };
}
