import { LeaseBegin, LeaseEnd } from '../protocol/control-record.ts';
import type { ControlObserver } from '../rooms/control/control-observer.ts';
import type { EventBus } from './event-bus.ts';

/** Tells who got control of a host, and who lost it. */
export function controlEvents(bus: EventBus): ControlObserver {
  return {
    changed({ change, place, who, devices, by }) {
      if (who === null) return;
      const data = { ...who, devices: [...devices], by };
      const how = LeaseBegin.safeParse(change);
      const why = LeaseEnd.safeParse(change);
      if (how.success) {
        bus.publish({ type: 'control.granted', ...place, data: { ...data, how: how.data } });
      } else if (why.success) {
        bus.publish({ type: 'control.ended', ...place, data: { ...data, why: why.data } });
      }
    },
    refused() {
      // a wish is no change
    },
  };
}
