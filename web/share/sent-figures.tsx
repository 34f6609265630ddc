import { FigureList } from '../ui/figure-list.tsx';
import {
  UNKNOWN,
  showBitrate,
  showCount,
  showFraction,
  showMilliseconds,
  showSize,
} from '../ui/quantity.ts';
import type { SentMedia } from './stream-sender.ts';
import { mainFigures, showReadiness } from './sent-words.ts';

const limitations: Readonly<Record<string, string>> = {
  none: 'Nothing',
  bandwidth: 'The network',
  cpu: 'This computer',
  other: 'Something else',
};

/** What leaves this browser at this moment. */
export function SentFigures({ sent }: { readonly sent: SentMedia | null }) {
  const stats = sent === null ? null : mainFigures(sent);
  const figures = [
    { key: 'size', name: 'Picture', value: showSize(stats?.width ?? null, stats?.height ?? null) },
    { key: 'fps', name: 'Frames per second', value: showCount(stats?.framesPerSecond ?? null) },
    { key: 'bitrate', name: 'Bitrate', value: showBitrate(stats?.bitrateBps ?? null) },
    { key: 'codec', name: 'Formats', value: stats?.codecs.join(', ') || UNKNOWN },
    { key: 'rtt', name: 'Round trip', value: showMilliseconds(stats?.roundTripMs ?? null) },
    { key: 'loss', name: 'Loss', value: showFraction(stats?.lossFraction ?? null) },
    {
      key: 'limitation',
      name: 'Held back by',
      value: limitations[stats?.limitation ?? ''] ?? UNKNOWN,
    },
    { key: 'websocket', name: 'Over WebSocket', value: showReadiness(sent?.websocket ?? null) },
  ];
  return <FigureList label="What is being sent" figures={figures} />;
}
