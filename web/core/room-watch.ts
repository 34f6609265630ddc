import type { RoomView } from '../../gateway/protocol/api/rooms.ts';
import type { RoomRecording } from '../../gateway/protocol/room-recording.ts';
import { Observable } from './observable.ts';
import type { ViewerSocket } from './viewer-socket.ts';

/** Where it is read, and how often. */
export interface RoomWatchOptions {
  /** The room, or null when it cannot be told now. */
  readonly read: () => Promise<RoomView | null>;
  readonly everyMs: number;
  /** Tells of the recording while it is connected: then nothing is asked for. */
  readonly socket?: Pick<ViewerSocket, 'recording' | 'welcome'>;
}

/** What goes on in a room, for as long as a page is open: the last that was heard. */
export class RoomWatch {
  /** Null until it was read. */
  readonly room = new Observable<RoomView | null>(null);
  /** Null until it is known. */
  readonly recording = new Observable<RoomRecording | null>(null);
  readonly #options: RoomWatchOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOn = false;
  #asked = 0;
  #heard = 0;

  constructor(options: RoomWatchOptions) {
    this.#options = options;
  }

  /** Watches until the result is called. */
  start(): () => void {
    const { socket, everyMs } = this.#options;
    this.#isOn = true;
    const off = socket?.recording.subscribe(() => this.#tell(socket.recording.value));
    if (socket === undefined) this.#poll();
    else this.#timer = setTimeout(() => this.#poll(), everyMs);
    return () => {
      off?.();
      clearTimeout(this.#timer);
      this.#isOn = false;
    };
  }

  /** Reads the room now. */
  async refresh(): Promise<RoomView | null> {
    this.#asked += 1;
    const asked = this.#asked;
    const room = await this.#options.read();
    if (room === null || asked <= this.#heard || !this.#isOn) return room;
    this.#heard = asked;
    this.room.set(room);
    if (!this.#isTold()) this.#tell(room);
    return room;
  }

  #poll(): void {
    const { everyMs } = this.#options;
    const again = (): void => {
      if (this.#isOn) this.#timer = setTimeout(() => this.#poll(), everyMs);
    };
    if (this.#isTold()) again();
    else void this.refresh().finally(again);
  }

  #isTold(): boolean {
    return this.#options.socket !== undefined && this.#options.socket.welcome.value !== null;
  }

  #tell(news: RoomRecording | null): void {
    if (news === null) return;
    const next = { recording: news.recording, unrecorded: news.unrecorded };
    if (JSON.stringify(next) !== JSON.stringify(this.recording.value)) this.recording.set(next);
  }
}
