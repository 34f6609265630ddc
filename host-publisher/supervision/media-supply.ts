import type { ChildProcess } from 'node:child_process';
import type { HostError } from '../host-error.ts';
import type { FromMedia } from '../media/messages.ts';
import type { MediaPlan } from '../media/plan.ts';
import { MediaChild } from './media-child.ts';

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

  /** The process for new work, a warm one where there is one; `onMessage` hears what no mode hears. */
  take(onMessage: (message: FromMedia) => void): MediaChild {
    const hear = (message: FromMedia): void => {
      if (message.type === 'trying') this.#trying = message.encoder;
      onMessage(message);
    };
    if (this.#child?.isAlive !== true) {
      const { childPath: path } = this.#options;
      this.#trying = null;
      this.#child = new MediaChild({ path, process: this.#ahead, onMessage: hear });
      this.#ahead = undefined;
    } else this.#child.begin('process', hear);
    return this.#child;
  }

  /** Takes note of why its work failed: an encoder that was just tried is left out from then on. */
  blame({ code }: HostError): void {
    if (code === 'media' && this.#trying !== null) this.#excluded.add(this.#trying);
  }

  /** Looks what works here; fails when the process does, and resolves never. */
  async keepWarm(plan: MediaPlan, onMessage: (message: FromMedia) => void): Promise<never> {
    const child = this.take(onMessage);
    child.send({ type: 'warm', plan });
    return await child.failureOf('process');
  }

  /** Resolves when no process is left. */
  async close(): Promise<void> {
    this.#ahead?.kill('SIGKILL');
    await this.#child?.stop();
  }
}
