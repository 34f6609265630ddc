import { HostError } from '../../host-error.ts';
import type { Gst } from './native.ts';
import { Pipeline } from './pipeline.ts';

/** Sink of a pipeline that is tried. */
export const TRIAL_SINK = 'appsink name=trial emit-signals=true sync=false';

/** Runs a pipeline that ends by itself in {@link TRIAL_SINK}; fails unless something came out in time. */
export async function trial(gst: Gst, description: string, deadlineMs: number): Promise<void> {
  const pipeline = Pipeline.parse(gst, description);
  let buffers = 0;
  pipeline.onBuffer('trial', () => {
    buffers += 1;
  });
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new HostError('media', `nothing came within ${deadlineMs} ms.`)),
    deadlineMs,
  );
  try {
    await Promise.race([pipeline.play().then(() => pipeline.ended), late.promise]);
    if (buffers === 0) throw new HostError('media', 'nothing came out.');
  } finally {
    clearTimeout(timer);
    await pipeline.close();
  }
}
