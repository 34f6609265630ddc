/** Where a process with native code says what went wrong in it. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;

/**
 * Makes a callback that cannot throw: an exception inside a node-datachannel callback ends the
 * whole process with SIGABRT, unseen by `uncaughtException`.
 */
export const guard =
  <Args extends readonly unknown[]>(log: Log, name: string, callback: (...args: Args) => void) =>
  (...args: Args): void => {
    try {
      callback(...args);
    } catch (error) {
      log(
        'error',
        `${name}: ${error instanceof Error ? (error.stack ?? error.message) : 'failed'}`,
      );
    }
  };
