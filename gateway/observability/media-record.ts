import { Counter, Histogram, type Registry } from 'prom-client';
import type { MediaPublisherMessage } from '../protocol/media/media-messages.ts';
import { FanoutFigures } from '../stripes/fanout-figures.ts';

/** Seconds; a stripe takes some 2 ms to encode, a picture over a slow path some seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface MediaRecord {
  readonly figures: FanoutFigures;
  /** What a publisher tells of its last second. */
  readonly note: (message: MediaPublisherMessage) => void;
}

/** Metrics of media over WebSockets; sums over all sources. */
export function recordMedia(registry: Registry): MediaRecord {
  const registers = [registry];
  const painted = new Histogram({
    name: 'pixelcast_media_painted_seconds',
    help: 'From sending a picture by WebSocket to the viewer’s receipt that it was painted.',
    buckets: BUCKETS,
    registers,
  });
  const encode = new Histogram({
    name: 'pixelcast_media_encode_seconds',
    help: 'From capture to the last stripe encoded, as publishers tell: mean of a second.',
    buckets: BUCKETS,
    registers,
  });
  const figures = new FanoutFigures((ageMs) => painted.observe(ageMs / 1000));
  const sums: readonly (readonly [name: string, help: string, sum: () => number])[] = [
    ['pictures', 'Pictures of publishers by WebSocket.', () => figures.pictures],
    ['stripes', 'Stripes of them.', () => figures.stripes],
    ['sounds', 'Sound packets of publishers.', () => figures.sounds],
    ['sounds_dropped', 'Sound packets left out for viewers.', () => figures.soundsDropped],
    ['keys_asked', 'Times that publishers were asked for key stripes.', () => figures.keysAsked],
  ];
  for (const [name, help, sum] of sums) {
    new Counter({
      name: `pixelcast_media_${name}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(sum());
      },
    });
  }
  new Counter({
    name: 'pixelcast_media_bytes_total',
    help: 'Pictures and sound by WebSocket: from publishers, and to viewers.',
    labelNames: ['direction'] as const,
    registers,
    collect() {
      this.reset();
      this.inc({ direction: 'in' }, figures.bytesIn);
      this.inc({ direction: 'out' }, figures.bytesOut);
    },
  });
  new Counter({
    name: 'pixelcast_media_stripes_dropped_total',
    help: 'Stripes left out for viewers: too much unpainted, too much unread, or no key yet.',
    labelNames: ['reason'] as const,
    registers,
    collect() {
      this.reset();
      for (const reason of ['window', 'queue', 'key'] as const) {
        this.inc({ reason }, figures.dropped[reason]);
      }
    },
  });
  return { figures, note: ({ encodeMs }) => encode.observe(encodeMs / 1000) };
}
