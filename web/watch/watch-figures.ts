import type { Way } from '../core/roaming/media-mode.ts';
import type { WatchStats } from '../core/watch-stats.ts';

/** What arrives, and which way; null where no way has brought a picture. */
export interface WatchFigures {
  readonly way: Way | null;
  readonly stats: WatchStats | null;
}
