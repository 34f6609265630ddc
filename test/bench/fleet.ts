import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FleetCount, ToFleet } from './fleet-messages.ts';
import { placedAt, type CpuPlace } from './media-server.ts';

const FLEET = fileURLToPath(new URL('fleet-main.ts', import.meta.url));

/** A process of load peers. Stopped, it costs nothing while the kernel drops what it is sent. */
export class Fleet {
  readonly #child: ChildProcess;

  constructor(place: CpuPlace) {
    this.#child = fork(FLEET, placedAt(place));
  }

  async tell(message: ToFleet): Promise<FleetCount> {
    const settled = new AbortController();
    const { signal } = settled;
    const answer = once(this.#child, 'message', { signal });
    const end = once(this.#child, 'exit', { signal }).then(([code, killedBy]) => {
      throw new Error(`the fleet ended with ${String(code ?? killedBy)}`);
    });
    this.#child.send(message);
    try {
      const [count] = (await Promise.race([answer, end])) as [FleetCount];
      return count;
    } finally {
      answer.catch(() => undefined);
      end.catch(() => undefined);
      settled.abort();
    }
  }

  /** Freezes all peers; ICE consent gives them 30 s. */
  stop(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.resume();
    const ended = once(this.#child, 'exit');
    this.#child.send({ type: 'end' } satisfies ToFleet);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  }
}
