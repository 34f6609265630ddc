import type { WhipClientOptions } from '../core/whip-client.ts';
import { endpointPath } from '../page-route.ts';
import type { PageMode } from '../page-route.ts';
import { DirectStreamSender } from './direct-stream-sender.ts';
import { MediaSender } from './media-sender.ts';
import type { SendLimits, StreamSender } from './stream-sender.ts';
import type { TokenSource } from '../core/token-source.ts';

/** Where a page sends to, which way, and with which right. */
export interface SendTarget {
  readonly room: string;
  readonly source: string;
  readonly mode: PageMode;
  readonly token: TokenSource;
}

/** What a page sends, and what is to be kept in mind. */
export interface SendWish extends SendLimits, Pick<WhipClientOptions, 'stream' | 'sizes'> {
  readonly contentHint: 'detail' | 'motion';
}

/** The sender of a page, same origin. */
export function createSender(
  { room, source, mode, token }: SendTarget,
  wish: SendWish,
): StreamSender {
  const { origin } = location;
  if (mode === 'direct') {
    const url = `${origin.replace(/^http/, 'ws')}/ws/signal`;
    return new DirectStreamSender({ url, token, room, source, ...wish });
  }
  return new MediaSender({
    endpoint: origin + endpointPath('whip', room, source),
    mediaUrl: origin.replace(/^http/, 'ws') + endpointPath('ws/media', room, source),
    ...{ mode, token, ...wish },
  });
}
