import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Seconds at which a track begins and ends, and the longest between two of its packets. */
export interface TrackSpan {
  readonly first: number;
  readonly last: number;
  readonly longestGap: number;
}

export interface ProbedMedia {
  readonly codecs: readonly string[];
  readonly widths: readonly number[];
  readonly frames: number;
  readonly picture: TrackSpan;
  readonly sound: TrackSpan;
  /** What FFmpeg complains of when it decodes everything. */
  readonly complaints: string;
}

/** Plays a file to its end by FFmpeg. */
export async function probeMedia(path: string): Promise<ProbedMedia> {
  const probe = async (...what: string[]) =>
    JSON.parse((await run('ffprobe', ['-v', 'error', '-of', 'json', ...what, path])).stdout) as {
      streams?: { codec_name: string }[];
      frames?: { width: number }[];
      packets?: { pts_time: string }[];
    };
  const span = async (track: 'v' | 'a'): Promise<TrackSpan> => {
    const { packets = [] } = await probe('-select_streams', track, '-show_packets');
    const times = packets
      .map(({ pts_time }) => Number(pts_time))
      .filter(Number.isFinite)
      .toSorted((one, other) => one - other);
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
    const [first = Number.NaN] = times;
    return { first, last: times.at(-1) ?? Number.NaN, longestGap: Math.max(...gaps) };
  };
  const { streams = [] } = await probe('-show_streams');
  const { frames = [] } = await probe('-select_streams', 'v', '-show_frames');
  const decoding = await run('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-']);
  return {
    codecs: [...new Set(streams.map(({ codec_name }) => codec_name))].toSorted(),
    widths: [...new Set(frames.map(({ width }) => width))],
    frames: frames.length,
    picture: await span('v'),
    sound: await span('a'),
    complaints: decoding.stderr,
  };
}
