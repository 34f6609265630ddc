import { LIMITS } from '../limits/limits.ts';
import type { FromChild } from './messages.ts';

/** Messages to the gateway, never more of them under way than it keeps up with. */
export class Outbox {
  #bytes = 0;

  /** Says what must be heard. */
  tell(message: FromChild, done: () => void = () => undefined): void {
    process.send?.(message, undefined, {}, done);
  }

  /** Hands on what a viewer said; false: too much is under way. */
  pass(id: number, text: string): boolean {
    if (this.#bytes + text.length > LIMITS.channelQueueBytes) return false;
    this.#bytes += text.length;
    this.tell({ type: 'message', id, text }, () => void (this.#bytes -= text.length));
    return true;
  }
}
