import type { Way } from '../core/roaming/media-mode.ts';
import type { WatchStats } from '../core/watch-stats.ts';
import type { Watched } from './watched.ts';

/** What arrives, and which way; null where no way has brought a picture. */
export interface WatchFigures {
  readonly way: Way | null;
  readonly stats: WatchStats | null;
}

/** The figures of the picture that is seen. */
export async function readFigures({ client, webrtc, stripes }: Watched): Promise<WatchFigures> {
  const way = client.choice.value.shown;
  return { way, stats: await (way === 'websocket' ? stripes : webrtc).stats() };
}
