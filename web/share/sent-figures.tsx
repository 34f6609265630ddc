import type { PublishStats } from '../core/publish-stats.ts';
import { FigureList } from '../ui/figure-list.tsx';
import {
  UNKNOWN,
  showBitrate,
  showCount,
  showFraction,
  showMilliseconds,
  showSize,
} from '../ui/quantity.ts';

const limitations: Readonly<Record<string, string>> = {
  none: 'Nothing',
  bandwidth: 'The network',
  cpu: 'This computer',
  other: 'Something else',
};

/** What leaves this browser at this moment. */
export function SentFigures({ stats }: { readonly stats: PublishStats | null }) {
  const codecs = [stats?.videoCodec, stats?.audioCodec].filter((codec) => codec != null);
  const figures = [
    { key: 'size', name: 'Picture', value: showSize(stats?.width ?? null, stats?.height ?? null) },
    { key: 'fps', name: 'Frames per second', value: showCount(stats?.framesPerSecond ?? null) },
    { key: 'bitrate', name: 'Bitrate', value: showBitrate(stats?.bitrateBps ?? null) },
    { key: 'codec', name: 'Formats', value: codecs.join(', ') || UNKNOWN },
    { key: 'rtt', name: 'Round trip', value: showMilliseconds(stats?.roundTripMs ?? null) },
    { key: 'loss', name: 'Loss', value: showFraction(stats?.lossFraction ?? null) },
    {
      key: 'limitation',
      name: 'Held back by',
      value: limitations[stats?.limitation ?? ''] ?? UNKNOWN,
    },
  ];
  return <FigureList label="What is being sent" figures={figures} />;
}
