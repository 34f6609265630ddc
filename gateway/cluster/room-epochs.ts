import type { RoomId } from '../protocol/ids.ts';
import { LoneEpochs, type Epochs } from '../rooms/hosts/epochs.ts';

/** Above every epoch that a gateway alone gives until 2039. */
const ABOVE_CLOCKS = 2 ** 41;
/** Changes of control in one source within a term; terms may count to 2^30. */
const PER_TERM = 2 ** 22;

/**
 * Epochs that begin with the term of the room: whatever an earlier home gave is below, so that a
 * host refuses it.
 */
export class RoomEpochs implements Epochs {
  readonly #lone = new LoneEpochs();
  readonly #next = new Map<RoomId, number>();

  /** The room is at home here from now on. */
  begin(room: RoomId, term: number): void {
    this.#next.set(room, ABOVE_CLOCKS + term * PER_TERM);
  }

  first(room: RoomId): number {
    return this.#next.get(room) ?? this.#lone.first();
  }

  note(room: RoomId, epoch: number): void {
    const next = this.#next.get(room);
    if (next === undefined) this.#lone.note(room, epoch);
    else this.#next.set(room, Math.max(next, epoch + 1));
  }

  forget(room: RoomId): void {
    this.#next.delete(room);
  }
}
