import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PEER = fileURLToPath(new URL('./vanishing-peer-main.ts', import.meta.url));

/** A viewer or publisher in a process of its own, so that it can vanish without a word. */
export class VanishingPeer {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  /** Resolves when its media connection is up. */
  static async connect(kind: 'publish' | 'play', url: string): Promise<VanishingPeer> {
    const child = fork(PEER, [kind, url], { execArgv: [] });
    const [message] = (await once(child, 'message')) as [string];
    if (message !== 'connected') throw new Error(message);
    return new VanishingPeer(child);
  }

  async vanish(): Promise<void> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}
