import type { RecordingId } from '../protocol/api/recordings.ts';
import type { RoomId } from '../protocol/ids.ts';

/** A recording, as far as other gateways have to know of it. */
export interface HeldRecording {
  readonly id: RecordingId;
  readonly room: RoomId;
  /** It runs, or files of media servers are still to become parts of it. */
  readonly isOpen: boolean;
}

/** Where gateways of a cluster write down which recordings they hold. Nothing of it rejects. */
export interface RecordingRegister {
  /** There are no other gateways. */
  readonly isAlone: boolean;
  /** `all`: what is held here, whenever it has to be written anew. */
  start(all: () => Iterable<HeldRecording>): void;
  /** It is here, and is so for others when this resolves, or soon after. */
  keep(recording: HeldRecording): Promise<void>;
  forget(id: RecordingId): Promise<void>;
  /** Whether another gateway may still need files of a room; it does while nobody can tell. */
  isOpenElsewhere(room: RoomId): Promise<boolean>;
  close(): void;
}

/** Of a gateway that has no others beside it. */
export const NO_REGISTER: RecordingRegister = {
  isAlone: true,
  start: () => undefined,
  keep: () => Promise.resolve(),
  forget: () => Promise.resolve(),
  isOpenElsewhere: () => Promise.resolve(false),
  close: () => undefined,
};
