import { randomUUID } from 'node:crypto';
import { MediaError } from '../../../../srs/embedded/media.ts';
import { startMedia } from '../../../support/rtc/start-media.ts';
import { Refusal } from './message.ts';
import type { ModelMedia } from './room.ts';

/** Real media for models, and who must hear of lost peers. */
export interface RunningModelMedia {
  /** The media of a room of its own. */
  room(): ModelMedia;
  /** Told the media ids that ended by themselves. */
  onLost: (mediaId: string) => void;
  close(): void;
}

/** The engine's media side in this process; a peer that vanished is noticed within two seconds. */
export async function startModelMedia(): Promise<RunningModelMedia> {
  const core = await startMedia({ inactivityMs: 1500, sweepMs: 100 });
  let told = 0;
  const watch = setInterval(() => {
    for (; told < core.ended.length; told += 1) running.onLost(core.ended[told]?.id ?? '');
  }, 50);
  const running: RunningModelMedia = {
    room: () => {
      const key = `v/model/${randomUUID()}`;
      return {
        open: async (kind, sdp) => {
          const side = kind === 'publish' ? 'publish' : 'play';
          const offer = { kind: side, key, sdp, codec: 'auto', extraCandidates: [] } as const;
          const opened = await core.media.open(offer).catch((error: unknown) => {
            throw error instanceof MediaError ? new Refusal(409, error.message) : error;
          });
          return { sdp: opened.sdp, mediaId: opened.id };
        },
        close: (mediaId) => core.media.close(mediaId),
      };
    },
    onLost: () => undefined,
    close: () => {
      clearInterval(watch);
      core.media.shutdown();
    },
  };
  return running;
}
