import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const READER = fileURLToPath(new URL('latency-glass-main.ts', import.meta.url));

/** When a code was first on a screen; epoch milliseconds. */
export interface Appearance {
  /** Counter of the source, modulo 2^20. */
  readonly frame: number;
  readonly paintedAtMs: number;
  readonly atMs: number;
}

/** Where a picture is on an X11 screen, in its pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Reads the time codes that appear on a screen. */
export interface GlassReader {
  /** What has appeared since this was asked last. */
  take(): Promise<readonly Appearance[]>;
  close(): Promise<void>;
}

export async function readGlass(display: string, place: Place): Promise<GlassReader> {
  const numbers = [place.x, place.y, place.width].map(String);
  const reader = fork(READER, [display, ...numbers]);
  const ended = once(reader, 'exit');
  const failed = ended.then(() => Promise.reject(new Error('the reader of the screen ended')));
  failed.catch(() => undefined);
  await Promise.race([once(reader, 'message'), failed]);
  return {
    take: async () => {
      const answer = once(reader, 'message');
      reader.send('take');
      const [appeared] = (await Promise.race([answer, failed])) as [Appearance[]];
      return appeared;
    },
    close: async () => {
      if (reader.connected) reader.disconnect();
      await ended;
    },
  };
}
