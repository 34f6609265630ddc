import type { RoomId } from '../../protocol/ids.ts';

/** Gives each source that begins an epoch above all that its room had before. */
export interface Epochs {
  first(room: RoomId): number;
  /** The last one of a source that is forgotten. */
  note(room: RoomId, epoch: number): void;
}

/** Of one gateway alone: its clock is above what it gave before it was started. */
export class LoneEpochs implements Epochs {
  #last = 0;

  first(): number {
    return Math.max(Date.now(), this.#last + 1);
  }

  note(_room: RoomId, epoch: number): void {
    this.#last = Math.max(this.#last, epoch);
  }
}
