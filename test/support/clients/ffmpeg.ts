import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ClientProcess } from './client-process.ts';
import type { Destination } from './client-session.ts';

const SCRIPT = fileURLToPath(new URL('./ffmpeg-publish.py', import.meta.url));

/** How an FFmpeg with a whip muxer is started here, or null when there is none. */
export type Ffmpeg = 'ffmpeg' | 'pyav';

export const FFMPEG_MISSING = 'needs FFmpeg 8 with the whip muxer, or PyAV 16 in PYAV_PYTHON';

/** `FFMPEG` (default `ffmpeg`) is asked for its muxers, then `PYAV_PYTHON` (default `python3`). */
export function findFfmpeg(): Ffmpeg | null {
  if (says(command('ffmpeg'), ['-hide_banner', '-h', 'muxer=whip'], /^Muxer whip /m))
    return 'ffmpeg';
  const program = 'import av; print("whip" in av.formats_available)';
  return says(command('pyav'), ['-c', program], /True/) ? 'pyav' : null;
}

/** Publishes a test picture and a tone; `options` are those of the whip muxer. */
export function publishByFfmpeg(
  ffmpeg: Ffmpeg,
  { url, token }: Destination,
  options: Readonly<Record<string, string>> = {},
): ClientProcess {
  const pairs = Object.entries(options);
  const args =
    ffmpeg === 'pyav'
      ? [SCRIPT, url, token, ...pairs.map(([name, value]) => `${name}=${value}`)]
      : [
          ...'-nostdin -re -f lavfi -i testsrc2=size=640x360:rate=30'.split(' '),
          ...'-re -f lavfi -i sine=frequency=440:sample_rate=48000'.split(' '),
          ...'-c:v libx264 -profile:v baseline -preset ultrafast -tune zerolatency'.split(' '),
          ...'-pix_fmt yuv420p -g 30 -c:a libopus -ac 2 -f whip'.split(' '),
          ...pairs.flatMap(([name, value]) => [`-${name}`, value]),
          ...['-authorization', token, url],
        ];
  return new ClientProcess(command(ffmpeg), args);
}

const command = (ffmpeg: Ffmpeg): string =>
  ffmpeg === 'ffmpeg'
    ? (process.env['FFMPEG'] ?? 'ffmpeg')
    : (process.env['PYAV_PYTHON'] ?? 'python3');

function says(program: string, args: readonly string[], pattern: RegExp): boolean {
  try {
    return pattern.test(execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' }));
  } catch {
    return false;
  }
}
