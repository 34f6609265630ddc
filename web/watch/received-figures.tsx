import type { WatchStats } from '../core/watch-stats.ts';
import { FigureList } from '../ui/figure-list.tsx';
import { UNKNOWN, showBitrate, showCount, showMilliseconds, showSize } from '../ui/quantity.ts';

/** What arrives in this browser at this moment. */
export function ReceivedFigures({ stats }: { readonly stats: WatchStats | null }) {
  const codecs = [stats?.videoCodec, stats?.audioCodec].filter((codec) => codec != null);
  const figures = [
    { key: 'size', name: 'Picture', value: showSize(stats?.width ?? null, stats?.height ?? null) },
    { key: 'fps', name: 'Frames per second', value: showCount(stats?.framesPerSecond ?? null) },
    { key: 'bitrate', name: 'Bitrate', value: showBitrate(stats?.bitrateBps ?? null) },
    { key: 'codec', name: 'Formats', value: codecs.join(', ') || UNKNOWN },
    { key: 'latency', name: 'Delay, estimated', value: showMilliseconds(stats?.latencyMs ?? null) },
    {
      key: 'jitter',
      name: 'Jitter buffer',
      value: showMilliseconds(stats?.jitterBufferMs ?? null),
    },
    { key: 'rtt', name: 'Round trip', value: showMilliseconds(stats?.roundTripMs ?? null) },
    { key: 'lost', name: 'Packets lost', value: showCount(stats?.packetsLost ?? null) },
    { key: 'freezes', name: 'Freezes', value: showCount(stats?.freezes ?? null) },
    { key: 'dropped', name: 'Frames dropped', value: showCount(stats?.framesDropped ?? null) },
  ];
  return <FigureList label="What arrives" figures={figures} />;
}
