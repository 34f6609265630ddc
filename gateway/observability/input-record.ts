import type { AuditLog } from '../audit/audit-log.ts';
import { typesOf } from '../rooms/input/frame-parts.ts';
import type { InputObserver } from '../rooms/input/input-observer.ts';
import type { Metrics } from './metrics.ts';

/** The figures of input, and an audit line for each command. */
export function recordInput(metrics: Metrics, audit: AuditLog): InputObserver {
  return {
    judged(frame, result) {
      metrics.inputFrames.inc({ result });
      for (const type of typesOf(frame)) metrics.inputEvents.inc({ type, result });
    },
    clipboard(result) {
      metrics.inputEvents.inc({ type: 'clipboard', result });
    },
    took(stage, ms) {
      metrics.inputSeconds.observe({ stage }, ms / 1000);
    },
    ran({ place, by, command, ok }) {
      audit.commanded({ ...place, subject: by, command, ok });
    },
  };
}
