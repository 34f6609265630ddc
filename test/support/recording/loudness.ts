import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const RATE = 8_000;
const WINDOW_SAMPLES = RATE / 5;
const LOUD_RMS = 0.05;

/**
 * Share of a media file's 200 ms of sound that are loud, from the first loud one on, 0 to 1, as
 * ffmpeg decodes it: a player on a busy machine hears gaps of its own. What is missing is silence.
 */
export async function loudShareOf(source: string): Promise<number> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-nostdin', '-v', 'error', '-i', source, '-vn', '-ac', '1', '-ar', String(RATE)],
      ...['-af', 'aresample=async=1:first_pts=0', '-f', 'f32le', '-'],
    ],
    { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
  );
  const samples = Float32Array.from({ length: Math.floor(stdout.length / 4) }, (_, at) =>
    stdout.readFloatLE(4 * at),
  );
  const windows = Array.from({ length: Math.floor(samples.length / WINDOW_SAMPLES) }, (_, at) => {
    const window = samples.subarray(at * WINDOW_SAMPLES, (at + 1) * WINDOW_SAMPLES);
    return Math.sqrt(window.reduce((sum, value) => sum + value * value, 0) / window.length);
  });
  const loud = windows.map((rms) => rms > LOUD_RMS);
  const heard = loud.slice(Math.max(0, loud.indexOf(true)));
  return heard.length === 0 ? 0 : heard.filter(Boolean).length / heard.length;
}
