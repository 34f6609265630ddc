import type { CodecChoice, Media, MediaEnd, MediaKind } from '../../../srs/embedded/media.ts';
import { createMedia } from '../../../srs/embedded/rtc/media-core.ts';
import { freeUdpPort } from '../net/free-port.ts';

/** The engine's media side in this process, with what it told us. */
export interface RunningMedia {
  readonly media: Media;
  readonly port: number;
  readonly connected: string[];
  readonly ended: { readonly id: string; readonly reason: MediaEnd }[];
  /** Lines of level error: a test that is over expects none. */
  readonly errors: string[];
  /** Opened session ids, in order. */
  readonly ids: string[];
  /** An exchange for the test peers: offer in, answer out. */
  exchange(kind: MediaKind, stream: string, codec?: CodecChoice): (sdp: string) => Promise<string>;
}

/** Starts `createMedia` on a free port, announced on loopback alone. */
export const startMedia = async (
  limits: { readonly inactivityMs: number; readonly sweepMs: number } = {
    inactivityMs: 30_000,
    sweepMs: 5_000,
  },
): Promise<RunningMedia> => {
  const port = await freeUdpPort();
  const connected: string[] = [];
  const ended: RunningMedia['ended'] = [];
  const errors: string[] = [];
  const ids: string[] = [];
  const media = await createMedia({
    ...limits,
    port,
    candidates: ['127.0.0.1'],
    log: (level, message) => {
      if (level === 'error') errors.push(message);
    },
    events: {
      connected: (id) => connected.push(id),
      ended: (id, reason) => ended.push({ id, reason }),
    },
  });
  const exchange: RunningMedia['exchange'] =
    (kind, stream, codec = 'auto') =>
    async (sdp) => {
      const key = `v/live/${stream}`;
      const opened = await media.open({ kind, key, sdp, codec, extraCandidates: [] });
      ids.push(opened.id);
      return opened.sdp;
    };
  return { media, port, connected, ended, errors, ids, exchange };
};
