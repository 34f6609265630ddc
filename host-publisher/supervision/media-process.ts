import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mediaEnvironment } from '../environment.ts';

const CHILD = fileURLToPath(new URL('../media/child-main.ts', import.meta.url));

/**
 * Packets are born and die by the thousand, mostly outside of V8's heap, which it then lets grow:
 * with small nurseries and a collection after each publication 60 of them end at 106 MiB, by V8's
 * own lights at 149.
 */
const HEAP = ['--max-semi-space-size=2', '--expose-gc'];

/** Starts a media process, which loads GStreamer and then waits for its first message. */
export function forkMediaProcess(path = CHILD): ChildProcess {
  const media = fork(path, [], {
    env: mediaEnvironment(),
    execArgv: ['--disable-warning=ExperimentalWarning', ...HEAP],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // Who takes it over sees that it has no pid.
  media.on('error', () => undefined);
  return media;
}
