import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Probed {
  readonly seconds: number;
  readonly video: {
    readonly codec: string;
    readonly frames: number;
    /** Sizes in the order in which they come. */
    readonly sizes: readonly string[];
    readonly firstSeconds: number;
    readonly lastSeconds: number;
  } | null;
  readonly audio: {
    readonly codec: string;
    readonly frames: number;
    readonly lastSeconds: number;
  } | null;
  /** What a strict decoder complains of. */
  readonly complaints: string;
}

interface Frame {
  readonly media_type: string;
  readonly pts_time?: string;
  readonly width?: number;
  readonly height?: number;
}

/** Decodes a file from start to end by FFmpeg and tells what is in it. */
export async function probe(file: string): Promise<Probed> {
  const { stdout, stderr } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-of', 'json', '-show_format', '-show_streams', '-show_frames'],
      ...['-show_entries', 'frame=media_type,pts_time,width,height', file],
    ],
    { maxBuffer: 256 * 1024 * 1024 },
  );
  const told = JSON.parse(stdout) as {
    frames: Frame[];
    streams: { codec_type: string; codec_name: string }[];
    format: { duration?: string };
  };
  const of = (kind: string) => {
    const codec = told.streams.find(({ codec_type: type }) => type === kind)?.codec_name;
    const frames = told.frames.filter(({ media_type: type }) => type === kind);
    const secondsOf = (frame: Frame | undefined) => Number(frame?.pts_time ?? Number.NaN);
    return codec === undefined
      ? null
      : {
          codec,
          frames: frames.length,
          sizes: [...new Set(frames.map(({ width, height }) => `${width}x${height}`))],
          firstSeconds: secondsOf(frames[0]),
          lastSeconds: secondsOf(frames.at(-1)),
        };
  };
  return {
    seconds: Number(told.format.duration ?? 0),
    video: of('video'),
    audio: of('audio'),
    complaints: stderr.trim(),
  };
}
