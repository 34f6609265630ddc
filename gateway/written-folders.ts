import type { Config } from './config/load.ts';
import { recordingsFolder } from './config/recording-settings.ts';
import type { WrittenFolder } from './http/api/machine.ts';

const GB = 1e9;

/** The folders that the gateway writes to, by the settings. */
export const writtenFolders = (config: Config): readonly WrittenFolder[] => [
  { use: 'data', folder: config.DATA_DIR, leastFreeBytes: null },
  ...(config.RECORDING === 'off'
    ? []
    : [
        {
          use: 'recordings' as const,
          folder: recordingsFolder(config),
          leastFreeBytes: config.RECORDINGS_MIN_FREE_GB * GB,
        },
      ]),
];
