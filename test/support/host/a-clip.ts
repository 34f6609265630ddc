import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { aFolder } from '../gateway/start-gateway.ts';

export interface ClipOptions {
  readonly name?: string;
  readonly seconds?: number;
  readonly toneHz?: number | null;
  readonly video?: readonly string[] | null;
  readonly audio?: readonly string[];
}

/** A file of a moving test picture, 320 by 180 at 25 frames per second, with a tone. */
export async function aClip(options: ClipOptions = {}): Promise<string> {
  const { name = 'clip.webm', seconds = 2, toneHz = 1000 } = options;
  const { video = ['libvpx', '-deadline', 'realtime'], audio = ['libopus'] } = options;
  const path = join(aFolder(), name);
  await promisify(execFile)('ffmpeg', [
    ...['-loglevel', 'error', '-y'],
    ...(video === null ? [] : ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25']),
    ...(toneHz === null ? [] : ['-f', 'lavfi', '-i', `sine=frequency=${toneHz}:sample_rate=48000`]),
    ...['-t', String(seconds)],
    ...(video === null ? [] : ['-c:v', ...video]),
    ...(toneHz === null ? [] : ['-c:a', ...audio]),
    path,
  ]);
  return path;
}
