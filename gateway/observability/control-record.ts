import type { AuditLog } from '../audit/audit-log.ts';
import type { ControlObserver } from '../rooms/control/control-observer.ts';
import type { Metrics } from './metrics.ts';

/** The figures of control, and a line of the audit for each decision. */
export function recordControl(audit: AuditLog, metrics: Metrics): ControlObserver {
  return {
    changed({ change, place, who, devices, by, policy }) {
      metrics.controlChanges.inc({ change });
      audit.controlled({
        control: change,
        ...place,
        ...who,
        ...(devices.length === 0 ? {} : { devices }),
        ...(by === null ? {} : { by }),
        ...(policy === undefined ? {} : { policy: JSON.stringify(policy) }),
      });
    },
    refused(why) {
      metrics.controlRefusals.inc({ why });
    },
  };
}
