import type { ControlObserver } from '../rooms/control/control-observer.ts';
import type { Tracer } from './span.ts';

/** A span for each time that control begins, ends or is denied. */
export const traceControl = (tracer: Tracer): ControlObserver => ({
  changed({ change, place, who, devices }) {
    const attributes = {
      'pixelcast.room': place.room,
      'pixelcast.source': place.source,
      'pixelcast.control': change,
      'pixelcast.viewer': who?.viewer,
      'pixelcast.devices': devices.join(' '),
    };
    tracer.begin('control', { attributes }).end();
  },
  refused(why) {
    const span = tracer.begin('control');
    span.fail(why);
    span.end();
  },
});
