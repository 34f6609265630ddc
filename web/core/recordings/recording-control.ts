import type { ApiProblem } from '../../../gateway/protocol/api/api-problem.ts';
import type { RoomView } from '../../../gateway/protocol/api/rooms.ts';
import type { RoomId } from '../../../gateway/protocol/ids.ts';
import { Observable } from '../observable.ts';
import type { RecordingsApi } from './recordings-api.ts';

/**
 * Why it came to nothing: the gateway's own code; `no-source`: nobody shares; `unrecordable`: all
 * that is shared comes past the media servers; `unknown`: it was no answer at all.
 */
export type RecordingProblem = ApiProblem['code'] | 'no-source' | 'unrecordable' | 'unknown';

/** What is under way, and why the last wish came to nothing. */
export interface RecordingWish {
  readonly doing: 'starting' | 'stopping' | null;
  readonly problem: RecordingProblem | null;
}

export interface RecordingControlOptions {
  readonly room: string;
  /** Asked with each wish: the token may be another, and most pages have no wish. */
  readonly loadApi: () => Promise<Pick<RecordingsApi, 'start' | 'stop' | 'running'>>;
  /** Reads the room now; null when it cannot be told. */
  readonly readRoom: () => Promise<RoomView | null>;
}

/** Starts and stops the recording of one room from a page, one wish at a time. */
export class RecordingControl {
  readonly state = new Observable<RecordingWish>({ doing: null, problem: null });
  readonly #options: RecordingControlOptions;

  constructor(options: RecordingControlOptions) {
    this.#options = options;
  }

  /** Resolves when it is recorded, or `state` says why not. Ignored while a wish is under way. */
  async start(): Promise<void> {
    await this.#wish('starting', async () => {
      const { room, loadApi, readRoom } = this.#options;
      const obstacle = obstacleIn(await readRoom());
      if (obstacle !== null) return obstacle;
      const api = await loadApi();
      await api.start(room).catch(ignore('recording-running'));
      return null;
    });
  }

  /** The same for its end; what somebody else stopped meanwhile is well. */
  async stop(): Promise<void> {
    await this.#wish('stopping', async () => {
      const api = await this.#options.loadApi();
      const running = await api.running(this.#options.room as RoomId);
      if (running !== null) await api.stop(running.id).catch(ignore('recording-not-found'));
      return null;
    });
  }

  async #wish(
    doing: NonNullable<RecordingWish['doing']>,
    act: () => Promise<RecordingProblem | null>,
  ): Promise<void> {
    if (this.state.value.doing !== null) return;
    this.state.set({ doing, problem: null });
    const problem = await act().catch((cause: unknown) => codeOf(cause));
    await this.#options.readRoom().catch(() => null);
    this.state.set({ doing: null, problem });
  }
}

/** A room that cannot be read is left to the gateway to judge. */
function obstacleIn(room: RoomView | null): RecordingProblem | null {
  if (room === null) return null;
  const live = room.sources.filter((source) => source.live);
  if (live.length === 0) return 'no-source';
  return live.some(({ transports }) => transports.includes('webrtc')) ? null : 'unrecordable';
}

const ignore = (code: RecordingProblem) => (cause: unknown) => {
  if (codeOf(cause) !== code) throw cause;
};

/** By its shape, as the class comes with the API. */
function codeOf(cause: unknown): RecordingProblem {
  if (cause instanceof Error && cause.name === 'ApiProblem' && 'code' in cause) {
    return cause.code as RecordingProblem;
  }
  return 'unknown';
}
