import type { Gst } from '../gstreamer/native.ts';
import { Pipeline, type TakenBuffer } from '../gstreamer/pipeline.ts';
import { RAW_SOUND } from '../sound/raw-sound.ts';
import type { FileTracks } from './file-tracks.ts';

/** Names of the appsrcs that take what was decoded. */
export const FILE_ELEMENTS = { picture: 'file-picture', sound: 'file-sound' } as const;
export type TrackName = 'picture' | 'sound';

const SINK = 'sync=false async=false';

export interface ReaderParts {
  readonly gst: Gst;
  readonly tracks: FileTracks;
  readonly pictureCaps: string;
  readonly sound: boolean;
}

/** Decodes a file once, as fast as what it holds is taken. */
export class FileReader {
  readonly names: readonly TrackName[];
  readonly #pipeline: Pipeline;
  readonly #started: Promise<void>;
  #plays = false;

  constructor({ gst, tracks, pictureCaps, sound }: ReaderParts) {
    const hasSound = sound && tracks.sound;
    this.names = hasSound ? ['picture', 'sound'] : ['picture'];
    // An image never ends; anything else comes at the published rate, whatever its own.
    const pacing = tracks.picture === 'still' ? 'imagefreeze' : 'deinterlace ! videorate';
    const text =
      `uridecodebin name=file uri="${tracks.uri}" ` +
      `file. ! videoconvert ! videoflip video-direction=auto ! ${pacing} ! ` +
      `videoscale add-borders=true ! videoconvert ! ${pictureCaps} ! ` +
      `appsink name=picture max-buffers=3 ${SINK} ` +
      (hasSound
        ? `file. ! audioconvert ! audioresample ! ${RAW_SOUND},format=S16LE,layout=interleaved ! ` +
          `appsink name=sound max-buffers=20 ${SINK}`
        : '');
    this.#pipeline = Pipeline.parse(gst, text);
    this.#started = this.#pipeline.play().then(() => {
      this.#plays = true;
    });
    this.#started.catch(() => undefined);
  }

  /** Never resolves; fails when the file cannot be read on. */
  get failure(): Promise<never> {
    const { promise, reject } = Promise.withResolvers<never>();
    this.#pipeline.ended.catch(reject);
    return promise;
  }

  take(track: TrackName): TakenBuffer | null {
    return this.#pipeline.take(track);
  }

  isDrained(track: TrackName): boolean {
    // A sink that is not started yet says that it is at its end.
    return this.#plays && this.#pipeline.isDrained(track);
  }

  drop(taken: TakenBuffer): void {
    this.#pipeline.drop(taken);
  }

  async close(): Promise<void> {
    await this.#started.catch(() => undefined);
    await this.#pipeline.close();
  }
}

/** What a reader is made of. */
export function readerElements({ picture }: FileTracks): readonly string[] {
  const pacing = picture === 'still' ? ['imagefreeze'] : ['deinterlace', 'videorate'];
  return [
    'uridecodebin',
    ...pacing,
    'videoflip',
    'videoscale',
    'videoconvert',
    'audioconvert',
    'audioresample',
    'appsink',
  ];
}
