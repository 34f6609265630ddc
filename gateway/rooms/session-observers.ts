import type { SessionObserver } from './sessions.ts';

/** Several observers as one, told in this order. */
export function sessionObservers(observers: readonly SessionObserver[]): SessionObserver {
  return {
    opened(session) {
      for (const observer of observers) observer.opened(session);
    },
    live(session) {
      for (const observer of observers) observer.live(session);
    },
    ended(session, reason) {
      for (const observer of observers) observer.ended(session, reason);
    },
    layersChanged(session) {
      for (const observer of observers) observer.layersChanged?.(session);
    },
    adopted(session, kept) {
      for (const observer of observers) observer.adopted?.(session, kept);
    },
    handedOver(session) {
      for (const observer of observers) observer.handedOver?.(session);
    },
  };
}
