import type { HostObserver } from './host-seat.ts';

/** Several observers as one, told in this order. */
export function hostObservers(observers: readonly HostObserver[]): HostObserver {
  return {
    connected(host) {
      for (const observer of observers) observer.connected(host);
    },
    disconnected(host) {
      for (const observer of observers) observer.disconnected(host);
    },
    measured(measure) {
      for (const observer of observers) observer.measured(measure);
    },
    commanded(result) {
      for (const observer of observers) observer.commanded(result);
    },
  };
}
