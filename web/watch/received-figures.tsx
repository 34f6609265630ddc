import type { WayReason } from '../core/roaming/way-news.ts';
import { wayWords } from '../core/roaming/way-words.ts';
import { FigureList } from '../ui/figure-list.tsx';
import { UNKNOWN, showBitrate, showCount, showMilliseconds, showSize } from '../ui/quantity.ts';
import type { WatchFigures } from './watch-figures.ts';

/** What arrives in this browser at this moment, and which way. */
export function ReceivedFigures({
  figures,
  reason,
}: {
  readonly figures: WatchFigures | null;
  /** Why not by WebRTC; null where it comes so, or might. */
  readonly reason: WayReason | null;
}) {
  const { way = null, stats = null } = figures ?? {};
  const codecs = [stats?.videoCodec, stats?.audioCodec].filter((codec) => codec != null);
  return (
    <>
      <FigureList
        label="What arrives"
        figures={[
          { key: 'way', name: 'Way', value: way === null ? UNKNOWN : wayNames[way] },
          {
            key: 'size',
            name: 'Picture',
            value: showSize(stats?.width ?? null, stats?.height ?? null),
          },
          {
            key: 'fps',
            name: 'Frames per second',
            value: showCount(stats?.framesPerSecond ?? null),
          },
          { key: 'bitrate', name: 'Bitrate', value: showBitrate(stats?.bitrateBps ?? null) },
          { key: 'codec', name: 'Formats', value: codecs.join(', ') || UNKNOWN },
          {
            key: 'latency',
            name: 'Delay, estimated',
            value: showMilliseconds(stats?.latencyMs ?? null),
          },
          ...(way === 'websocket' ? [] : pathFigures(stats)),
          { key: 'freezes', name: 'Freezes', value: showCount(stats?.freezes ?? null) },
          {
            key: 'dropped',
            name: 'Frames dropped',
            value: showCount(stats?.framesDropped ?? null),
          },
        ]}
      />
      {way === 'websocket' && reason !== null && (
        <p className="way-reason" data-testid="way-reason">
          {wayWords[reason]}
        </p>
      )}
    </>
  );
}

const wayNames = { webrtc: 'WebRTC', websocket: 'WebSocket' } as const;

/** Of a path of packets; a WebSocket loses none. */
const pathFigures = (stats: WatchFigures['stats']) => [
  { key: 'jitter', name: 'Jitter buffer', value: showMilliseconds(stats?.jitterBufferMs ?? null) },
  { key: 'rtt', name: 'Round trip', value: showMilliseconds(stats?.roundTripMs ?? null) },
  { key: 'lost', name: 'Packets lost', value: showCount(stats?.packetsLost ?? null) },
];
