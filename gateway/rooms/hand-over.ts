import type { MediaNode } from '../media/node.ts';
import { sessionOf, type KeptSession } from './kept-session.ts';
import type { Registry } from './registry.ts';
import type { SessionObserver } from './session-observer.ts';
import type { Session } from './session.ts';

/** A session of another gateway is one of this. False: it is here, or another has its place. */
export function adoptSession(
  kept: KeptSession,
  node: MediaNode,
  registry: Registry,
  observer: SessionObserver,
): boolean {
  const isTaken =
    registry.byId(kept.id) !== undefined || registry.byPlace(kept.place) !== undefined;
  if (isTaken) return false;
  const session = sessionOf(kept, node);
  registry.add(session);
  registry.settle(session, kept.place);
  observer.adopted?.(session, kept);
  return true;
}

/** A session is another gateway's from now on. False: it is none that can go on there. */
export function letGo(session: Session, registry: Registry, observer: SessionObserver): boolean {
  const { state, node } = session;
  if (node === null || state.kind === 'offering' || state.kind === 'ended') return false;
  const liveAt = state.kind === 'live' ? state.liveAt : null;
  session.state = { kind: 'ended', reason: 'moved', liveAt };
  registry.delete(session);
  registry.forgetEnding(session.secret);
  observer.handedOver?.(session);
  return true;
}
