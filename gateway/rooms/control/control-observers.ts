import type { ControlObserver } from './control-observer.ts';

/** Several observers as one, told in this order. */
export function controlObservers(observers: readonly ControlObserver[]): ControlObserver {
  return {
    changed(change) {
      for (const observer of observers) observer.changed(change);
    },
    refused(why) {
      for (const observer of observers) observer.refused(why);
    },
  };
}
