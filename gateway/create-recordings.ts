import { RecordingHolders } from './cluster/recording-holders.ts';
import type { Config } from './config/load.ts';
import { recordingsFolder } from './config/recording-settings.ts';
import type { Cluster } from './create-cluster.ts';
import type { EventBus } from './events/event-bus.ts';
import type { WrittenFolder } from './http/api/machine.ts';
import type { Logger } from './observability/logger.ts';
import type { InputJournals } from './recordings/journal/input-journals.ts';
import { JournalCompanion } from './recordings/journal/journal-companion.ts';
import { LinkTickets } from './recordings/link-tickets.ts';
import { NO_REGISTER } from './recordings/recording-register.ts';
import { Recordings } from './recordings/recordings.ts';
import { Thumbnails } from './recordings/thumbnails/thumbnails.ts';
import type { Nodes } from './rooms/nodes.ts';
import { writtenFolders } from './written-folders.ts';

const GB = 1e9;

/** Recording as the settings want it, the links to what was recorded, and the disks for it. */
export function createRecordings(
  config: Config,
  deps: {
    readonly nodes: Nodes;
    readonly homes: Cluster['homes'];
    readonly link: Cluster['link'];
    readonly bus: EventBus;
    readonly log: Logger;
    readonly now: () => number;
    /** Asked when a recording begins. */
    readonly journals: () => InputJournals;
  },
): {
  recordings: Recordings;
  linkTickets: LinkTickets;
  /** Undefined where there are no other gateways. */
  holders: RecordingHolders | undefined;
  writtenFolders: readonly WrittenFolder[];
} {
  const { homes, link, now } = deps;
  const holders =
    link && new RecordingHolders({ own: homes.name, link, peers: () => homes.peers(), now });
  const recordings = new Recordings({
    ...deps,
    register: holders ?? NO_REGISTER,
    companions: [new JournalCompanion(deps.journals), new Thumbnails(deps)],
    settings: {
      mode: config.RECORDING,
      rooms: config.RECORDING_ROOMS,
      maxDays: config.RECORDINGS_MAX_DAYS,
      maxBytes: config.RECORDINGS_MAX_GB * GB,
      minFreeBytes: config.RECORDINGS_MIN_FREE_GB * GB,
    },
    dataDir: config.DATA_DIR,
    folder: recordingsFolder(config),
    dvrFolder: config.SRS_DVR_DIR,
  });
  return {
    recordings,
    holders,
    linkTickets: new LinkTickets(config.JWT_SECRET.reveal(), now),
    writtenFolders: writtenFolders(config),
  };
}
