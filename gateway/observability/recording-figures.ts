import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { EventBus } from '../events/event-bus.ts';
import type { GatewayEvent } from '../protocol/gateway-event.ts';
import { deletionCause, failureCause, stopCause } from '../recordings/causes.ts';
import type { Recordings } from '../recordings/recordings.ts';

/** Seconds; a minute of media takes less than one, an hour on a slow disk some minutes. */
const REMUX_BUCKETS = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600];

/** `pixelcast_recordings_…`: what becomes of recordings, and the room that is left for them. */
export function watchRecordings(
  registry: Registry,
  { recordings, bus }: { readonly recordings: Recordings; readonly bus: EventBus },
): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name: `pixelcast_recordings_${name}`, help, registers },
      collect() {
        this.set(read());
      },
    });
  gauge('active', 'Recordings that run.', () => recordings.desk.count);
  gauge('bytes', 'Media of all recordings that are kept.', () => recordings.bytes);
  gauge(
    'remux_backlog',
    'Files that are being made playable or wait for it.',
    () => recordings.remuxer.backlog,
  );
  watchDisk(registry, recordings);
  const remux = new Histogram({
    name: 'pixelcast_recordings_remux_seconds',
    help: 'How long it took to make a file playable, without waiting.',
    buckets: REMUX_BUCKETS,
    registers,
  });
  recordings.remuxer.onDone = (seconds) => remux.observe(seconds);
  countEvents(registry, { recordings, bus });
}

function watchDisk(registry: Registry, recordings: Recordings): void {
  const disk = (name: string, help: string, member: 'free' | 'size') =>
    new Gauge({
      ...{ name: `pixelcast_recordings_${name}`, help, registers: [registry] },
      async collect() {
        this.reset();
        const space = recordings.isOn ? await recordings.folders.space().catch(() => null) : null;
        if (space !== null) this.set(space[member]);
        else this.remove();
      },
    });
  disk('disk_free_bytes', 'Free where recordings are written; absent while it is off.', 'free');
  disk('disk_bytes', 'Size of that file system.', 'size');
  new Gauge({
    name: 'pixelcast_recordings_limit_bytes',
    help: 'What the settings say: space that is to stay free, and most for all recordings (0: no limit).',
    labelNames: ['limit'] as const,
    registers: [registry],
    collect() {
      if (!recordings.isOn) return;
      this.set({ limit: 'min-free' }, recordings.limits.minFreeBytes);
      this.set({ limit: 'max' }, recordings.limits.maxBytes);
    },
  });
}

function countEvents(
  registry: Registry,
  { recordings, bus }: { readonly recordings: Recordings; readonly bus: EventBus },
): void {
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({
      ...{ name: `pixelcast_recordings_${name}_total`, help, labelNames },
      registers: [registry],
    });
  const started = counter('started', 'Recordings that began, by who wanted them.', 'reason');
  const stopped = counter('stopped', 'Recordings that ended, by why.', 'cause');
  const ready = counter('ready', 'Recordings that can be played.');
  const failed = counter('failed', 'Recordings of which nothing can be played, by why.', 'cause');
  const deleted = counter(
    'deleted',
    'Recordings deleted: by a person, for age, for space.',
    'cause',
  );
  const written = counter('written_bytes', 'Media of recordings that became ready.');
  const recordingOf = (id: string) => recordings.index.byId(id);
  bus.subscribe((event: GatewayEvent) => {
    switch (event.type) {
      case 'recording.started':
        started.inc({ reason: recordingOf(event.data.recording)?.reason ?? 'api' });
        return;
      case 'recording.stopped':
        stopped.inc({ cause: stopCause(event.data.why) ?? 'other' });
        return;
      case 'recording.ready':
        ready.inc();
        written.inc(event.data.bytes);
        return;
      case 'recording.failed': {
        const recording = recordingOf(event.data.recording);
        failed.inc({ cause: recording === undefined ? 'other' : failureCause(recording) });
        return;
      }
      case 'recording.deleted':
        deleted.inc({ cause: deletionCause(event.data.by, event.data.why) });
        return;
      default:
        return;
    }
  });
}
