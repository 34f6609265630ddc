import { Session, type Profiler } from 'node:inspector';

/**
 * How many blocks of the gateway's code `act` runs through: a measure of work that a busy machine
 * does not change much. What V8 does by itself (a regular expression, a sort) counts as nothing.
 */
export function countOperations(act: () => void): number {
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    act();
    let count = 0;
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      count = sum(result);
    });
    return count;
  } finally {
    session.disconnect();
  }
}

function sum(scripts: readonly Profiler.ScriptCoverage[]): number {
  return scripts
    .filter(({ url }) => url.includes('/gateway/'))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
    .reduce((total, { count }) => total + count, 0);
}
