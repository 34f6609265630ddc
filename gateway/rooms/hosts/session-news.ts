import type { Session } from '../session.ts';
import type { SessionObserver } from '../sessions.ts';
import type { Arrivals } from './arrivals.ts';
import type { HostDesk } from './host-desk.ts';
import type { Sources } from './sources.ts';
import type { ViewerDesk } from './viewer-desk.ts';

/**
 * A viewer's path is up some 100 ms after its answer, when its node asks for a key frame as well; a
 * key frame before that would be lost and, at one per second, in the way of the one that counts.
 */
const KEYFRAME_AFTER_MS = 200;

/** What hosts and waiting viewers need to know of sessions. */
export function sessionNews(to: {
  readonly sources: Sources;
  readonly arrivals: Arrivals;
  readonly hosts: HostDesk;
  readonly viewers: ViewerDesk;
}): SessionObserver {
  const { sources, arrivals, hosts, viewers } = to;
  return {
    opened(session) {
      if (session.kind === 'publish') {
        arrivals.opened(session);
        return;
      }
      const source = sources.at(session);
      source.watched(session);
      // One by a socket asks its publisher itself.
      if (source.host !== null && session.transport === 'webrtc') {
        setTimeout(() => source.wantKeyframe(), KEYFRAME_AFTER_MS).unref();
      }
    },
    adopted(session) {
      if (session.kind === 'publish') arrivals.opened(session);
      else sources.at(session).watched(session);
    },
    handedOver(session) {
      const source = sources.find(session);
      if (source === undefined || session.kind !== 'watch') return;
      source.left(session);
      sources.settle(source);
    },
    live(session) {
      if (session.kind === 'publish') viewers.recordingChanged(session.room);
    },
    ended(session: Session, reason) {
      if (session.kind === 'publish') viewers.recordingChanged(session.room);
      hosts.ended(session, reason);
      viewers.ended(session, reason);
      const source = sources.find(session);
      if (source === undefined || session.kind !== 'watch') return;
      source.left(session);
      sources.settle(source);
    },
  };
}
