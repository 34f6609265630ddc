import type { ChildProcess } from 'node:child_process';
import type { HostError } from '../host-error.ts';
import type { FromMedia } from '../media/messages.ts';
import type { MediaPlan } from '../media/plan.ts';
import { MediaChild } from './media-child.ts';

/** A process with so many turns behind it is replaced: native libraries keep 1 to 3 MiB of each. */
const MOST_TURNS = 20;

export interface MediaSupplyOptions {
  /** One that was started ahead, for the first work. */
  readonly ahead?: ChildProcess | undefined;
  /** The media child's module; a test may give another. */
  readonly childPath?: string | undefined;
}

/** The media process: the same for one publication after the other, another after it failed. */
export class MediaSupply {
  readonly #options: MediaSupplyOptions;
  #ahead: ChildProcess | undefined;
  #child: MediaChild | null = null;
  #turns = 0;
  #retiring: Promise<void> = Promise.resolve();
  readonly #excluded = new Set<string>();
  #trying: string | null = null;

  constructor(options: MediaSupplyOptions) {
    this.#options = options;
    this.#ahead = options.ahead;
  }

  /** Encoders that ended a process while they were tried. */
  get excludedEncoders(): string[] {
    return [...this.#excluded];
  }

  /** The process for new work, a warm one where there is one. */
  take(onMessage: (message: FromMedia) => void): MediaChild {
    this.#trying = null;
    const hear = (message: FromMedia): void => {
      if (message.type === 'trying') this.#trying = message.encoder;
      onMessage(message);
    };
    if (this.#turns >= MOST_TURNS) this.#retire();
    this.#turns += 1;
    if (this.#child?.isAlive !== true) {
      const { childPath: path } = this.#options;
      this.#child = new MediaChild({ path, process: this.#ahead, onMessage: hear });
      this.#ahead = undefined;
      this.#turns = 1;
    } else this.#child.begin(hear);
    return this.#child;
  }

  #retire(): void {
    const stopping = this.#child?.stop() ?? Promise.resolve();
    this.#retiring = Promise.all([this.#retiring, stopping]).then(() => undefined);
    this.#child = null;
  }

  /** Takes note of why its work failed: an encoder that was just tried is left out from then on. */
  blame({ code }: HostError): void {
    if (code === 'media' && this.#trying !== null) this.#excluded.add(this.#trying);
  }

  /** Looks what works here; fails when the process does, and resolves never. */
  async keepWarm(plan: MediaPlan, onMessage: (message: FromMedia) => void): Promise<never> {
    const child = this.take(onMessage);
    child.send({ type: 'warm', plan });
    return await child.failure;
  }

  /** Resolves when no process is left. */
  async close(): Promise<void> {
    this.#ahead?.kill('SIGKILL');
    await Promise.all([this.#retiring, this.#child?.stop()]);
  }
}
