import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const RATE = 48_000;
const WINDOW = 48;
/** Between a picture of white and any other, of 255. */
const WHITE = 220;
const LOUD = 0.2;
/** A tone of 440 Hz is silent for less than this within itself. */
const QUIET_SECONDS = 0.05;

const ffmpeg = async (args: readonly string[]): Promise<{ stdout: Buffer; stderr: Buffer }> =>
  await run('ffmpeg', ['-nostdin', '-hide_banner', ...args], {
    ...{ encoding: 'buffer', maxBuffer: 512 * 1024 * 1024 },
  });

/** How much later the tone of each flash begins than its picture, in milliseconds by the file's time. */
export async function soundOffsets(file: string): Promise<number[]> {
  const [whites, tones] = [await whiteStarts(file), await toneStarts(file)];
  return whites.flatMap((white) => {
    const offsets = tones.map((tone) => (tone - white) * 1000);
    const nearest = offsets.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0];
    return nearest !== undefined && Math.abs(nearest) < 400 ? [nearest] : [];
  });
}

async function whiteStarts(file: string): Promise<number[]> {
  const filter = 'scale=1:1:flags=area,format=gray,showinfo';
  const { stdout, stderr } = await ffmpeg([
    ...['-v', 'info', '-i', file, '-an', '-vf', filter, '-fps_mode', 'passthrough'],
    ...['-f', 'rawvideo', '-'],
  ]);
  const times = [...stderr.toString().matchAll(/\bpts_time:(\S+)/g)].map(([, time]) =>
    Number(time),
  );
  return times.filter(
    (_, at) => (stdout[at] ?? 0) > WHITE && at > 0 && (stdout[at - 1] ?? 0) <= WHITE,
  );
}

async function toneStarts(file: string): Promise<number[]> {
  const { stdout } = await ffmpeg([
    ...['-v', 'error', '-i', file, '-vn', '-ac', '1', '-ar', String(RATE)],
    ...['-af', 'aresample=async=1:first_pts=0', '-f', 'f32le', '-'],
  ]);
  const starts: number[] = [];
  let quietFrom = 0;
  for (let at = 0; at + 4 * WINDOW <= stdout.length; at += 4 * WINDOW) {
    let peak = 0;
    for (let n = 0; n < WINDOW; n += 1)
      peak = Math.max(peak, Math.abs(stdout.readFloatLE(at + 4 * n)));
    const seconds = at / 4 / RATE;
    if (peak <= LOUD) continue;
    if (seconds - quietFrom > QUIET_SECONDS) starts.push(seconds);
    quietFrom = seconds;
  }
  return starts;
}
