import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CrowdCount, ToCrowd } from './input-crowd-messages.ts';
import { placedAt } from './media-server.ts';

const CROWD = fileURLToPath(new URL('input-crowd-main.ts', import.meta.url));

/** A process of viewers that listen. */
export class InputCrowd {
  readonly #child: ChildProcess;

  constructor(core: number) {
    // Behind whoever measures, which has the same core.
    this.#child = fork(CROWD, placedAt({ core, niceness: 10 }));
  }

  async tell(message: ToCrowd): Promise<CrowdCount> {
    const answer = once(this.#child, 'message');
    this.#child.send(message);
    const [count] = (await answer) as [CrowdCount];
    return count;
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
