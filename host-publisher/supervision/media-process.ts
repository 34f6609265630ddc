import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mediaEnvironment } from '../environment.ts';

const CHILD = fileURLToPath(new URL('../media/child-main.ts', import.meta.url));

/** Starts a media process, which loads GStreamer and then waits for its first message. */
export function forkMediaProcess(path = CHILD): ChildProcess {
  const media = fork(path, [], {
    env: mediaEnvironment(),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // Who takes it over sees that it has no pid.
  media.on('error', () => undefined);
  return media;
}
