import { Worker } from 'node:worker_threads';

const LOOK_MS = 200;
/** A media process that is not held up by native code has closed its session by then. */
const GRACE_MS = 600;

const WATCH = `
  const { workerData: parent } = require('node:worker_threads');
  setInterval(() => {
    if (process.ppid !== parent) setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${GRACE_MS});
  }, ${LOOK_MS});
`;

/**
 * Ends this process within a second of its parent's end, whatever native code holds up its
 * JavaScript: from a thread that calls none.
 */
export function watchParent(): Worker {
  const watch = new Worker(WATCH, {
    eval: true,
    workerData: process.ppid,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  });
  watch.on('error', () => undefined);
  watch.unref();
  return watch;
}
