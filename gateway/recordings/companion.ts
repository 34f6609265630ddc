import type { Part, Recording } from './recording.ts';

/** Something that is kept of recordings beside their media. What it throws is logged. */
export interface RecordingCompanion {
  /** A recording began; `folder` is there. */
  began?(recording: Recording, folder: string): void;
  /** It was stopped; resolves when all that belongs to it is written. */
  ended?(recording: Recording, folder: string): Promise<void>;
  /**
   * A part can be played: `file` is its media. Resolves when what is made of it is there; it may
   * change `thumbnails` of the part, which is `ready` afterwards.
   */
  partMade?(recording: Recording, part: Part, file: string): Promise<void>;
  /** The gateway stops. */
  close?(): void;
}
