import { DirectDesk, type DirectDeskOptions } from '../direct/direct-desk.ts';
import type { FromMedia } from '../media/messages.ts';
import type { MediaPlan } from '../media/plan.ts';
import type { MediaChild } from './media-child.ts';
import { runOutlet, type OutletRunParts } from './outlet-run.ts';

export interface DirectPublicationsParts
  extends DirectDeskOptions, Pick<OutletRunParts, 'take' | 'onMessage' | 'onLive'> {
  readonly plan: () => MediaPlan;
}

/** What is sent straight to clients, one capture after the other. */
export class DirectPublications {
  /** Those who ask for it. */
  readonly desk: DirectDesk;
  readonly #parts: DirectPublicationsParts;

  constructor(parts: DirectPublicationsParts) {
    this.#parts = parts;
    this.desk = new DirectDesk(parts);
  }

  /** Resolves never. */
  async publish(signal: AbortSignal): Promise<never> {
    const { take, plan, onMessage, onLive } = this.#parts;
    try {
      return await runOutlet({
        ...{ mode: 'direct', signal, take, opened: 'direct-opened' },
        open: (child: MediaChild) => void child.send({ type: 'direct-open', plan: plan() }),
        onMessage: (message: FromMedia) => {
          this.desk.hear(message);
          onMessage(message);
        },
        onLive: (child: MediaChild) => {
          onLive(child);
          this.desk.attach(child);
        },
      });
    } finally {
      this.desk.detach();
    }
  }
}
