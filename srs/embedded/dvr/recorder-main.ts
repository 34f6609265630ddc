import type { FromRecorder, ToRecorder } from './recorder-messages.ts';
import { Recording } from './recording.ts';

/**
 * The recorder's process: writes publications into files, so that neither the disk nor the work
 * holds up media. When the engine is gone it closes its files and goes too.
 */
const FLUSH_MS = 900;
const TICK_MS = 100;

const recordings = new Map<number, { readonly recording: Recording; flushedMs: number }>();
const now = (): number => performance.timeOrigin + performance.now();

const ticking = setInterval(() => {
  const nowMs = now();
  for (const [id, entry] of recordings) {
    if (nowMs - entry.flushedMs < FLUSH_MS) continue;
    entry.flushedMs = nowMs;
    entry.recording.flush(nowMs);
    if (entry.recording.error !== null) void end(id);
  }
}, TICK_MS);

process.on('message', (message) => hear(message as ToRecorder));
process.on('disconnect', () => void leave());
// Ctrl+C reaches the whole group: the engine decides when this process goes.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void leave());

function hear(message: ToRecorder): void {
  switch (message.type) {
    case 'begin':
      begin(message);
      return;
    case 'packets': {
      const { id, batch } = message;
      recordings.get(id)?.recording.take(batch);
      tell({ type: 'taken', id, bytes: batch.length });
      return;
    }
    case 'clock':
      recordings.get(message.id)?.recording.report(message.kind, message.ntpMs, message.rtp);
      return;
    case 'end':
      void end(message.id);
      return;
    default:
      message satisfies never;
  }
}

function begin({ id, path, tracks }: Extract<ToRecorder, { type: 'begin' }>): void {
  const recording = new Recording(path, tracks, {
    keyframeNeeded: () => tell({ type: 'keyframe', id }),
    fileEnded: (file, error) => tell({ type: 'file', id, file, error }),
  });
  recordings.set(id, { recording, flushedMs: now() });
}

async function end(id: number): Promise<void> {
  const entry = recordings.get(id);
  if (entry === undefined) return;
  recordings.delete(id);
  await entry.recording.end();
  tell({ type: 'ended', id, error: entry.recording.error });
}

async function leave(): Promise<void> {
  clearInterval(ticking);
  await Promise.all([...recordings.keys()].map(end));
  process.exit(0);
}

function tell(message: FromRecorder): void {
  if (process.connected) process.send?.(message);
}
