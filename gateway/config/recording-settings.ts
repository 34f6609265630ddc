import { join, resolve } from 'node:path';
import { z } from 'zod';
import { list, wholeNumber } from './fields.ts';

/** The folder of the recordings. */
export const recordingsFolder = (settings: {
  readonly DATA_DIR: string;
  readonly RECORDINGS_DIR?: string | undefined;
}): string => resolve(settings.RECORDINGS_DIR ?? join(settings.DATA_DIR, 'recordings'));

/** Folder in `RECORDINGS_DIR` that the embedded engine writes into. */
export const ENGINE_SPOOL = '.engine';

/** Recording; part of `Settings`. */
export const RecordingSettings = z.object({
  RECORDING: z
    .enum(['off', 'on-demand', 'all'])
    .default('off')
    .describe(
      'Recording: `off`, when somebody who may steer the room asks (`on-demand`), or `all` that is published.',
    ),
  RECORDING_ROOMS: list()
    .pipe(
      z.array(z.string().regex(/^[A-Za-z0-9_-]{1,64}\*?$/, 'must be rooms, or beginnings with *')),
    )
    .default([])
    .describe(
      'Rooms that are recorded while somebody publishes, with `on-demand`; `lesson-*` for all that begin so.',
    ),
  RECORDINGS_DIR: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder of the recordings, on a disk with room for them. Default: `recordings` in `DATA_DIR`.',
    ),
  RECORDINGS_MAX_DAYS: wholeNumber(0, 36_500, 0).describe(
    'Recordings are deleted so many days after their end; 0: never.',
  ),
  RECORDINGS_MAX_GB: wholeNumber(0, 1_000_000, 0).describe(
    'Space of all recordings, in GB (10⁹ bytes); the oldest are deleted beyond it. 0: no limit.',
  ),
  RECORDINGS_MIN_FREE_GB: wholeNumber(0, 1_000_000, 1).describe(
    'With less free space than this, in GB, recordings end and none begins.',
  ),
  SRS_DVR_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('Where the files of SRS’s DVR are seen from here; they are taken from there.'),
});
