import type { PublishStats } from '../core/publish-stats.ts';
import type { StripesFigures } from '../core/stripes-publisher/worker-messages.ts';
import { UNKNOWN, showBitrate } from '../ui/quantity.ts';
import type { SentMedia } from './stream-sender.ts';

/** What the figures show of whichever way sends. */
export interface MainFigures extends Pick<
  PublishStats,
  | 'width'
  | 'height'
  | 'framesPerSecond'
  | 'bitrateBps'
  | 'limitation'
  | 'roundTripMs'
  | 'lossFraction'
> {
  readonly codecs: readonly string[];
}

/** Those of WebRTC, or of the WebSocket where WebRTC sends nothing. */
export function mainFigures({ webrtc, websocket }: SentMedia): MainFigures | null {
  if (webrtc !== null && (webrtc.bytesSent > 0 || websocket === null)) {
    const codecs = [webrtc.videoCodec, webrtc.audioCodec].filter((codec) => codec !== null);
    return { ...webrtc, codecs };
  }
  if (websocket === null) return null;
  const sound = websocket.soundViewers > 0 ? ['Opus'] : [];
  const codecs = websocket.codec === null ? sound : [websocket.codec, ...sound];
  return { ...websocket, codecs, roundTripMs: null, lossFraction: null };
}

/** What the publish socket does, in a few words. */
export function showReadiness(figures: StripesFigures | null): string {
  if (figures === null) return UNKNOWN;
  const viewers = Math.max(figures.pictureViewers, figures.soundViewers);
  if (viewers === 0) return 'Ready, nobody watches';
  const who = viewers === 1 ? '1 viewer' : `${viewers} viewers`;
  return `${who}, ${showBitrate(figures.bitrateBps)}`;
}
