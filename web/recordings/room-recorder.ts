import type { BrowserPort } from '../core/browser-port.ts';
import { RecordingControl } from '../core/recordings/recording-control.ts';
import { RoomApi } from '../core/room-api.ts';
import { RoomWatch } from '../core/room-watch.ts';
import type { RoomWatchOptions } from '../core/room-watch.ts';
import { tokenNow } from '../core/token-source.ts';
import type { TokenSource } from '../core/token-source.ts';
import { claimsOperate } from '../core/token-rights.ts';

/** What a page knows of its room, and the means to record it. */
export interface RoomRecorder {
  readonly watch: RoomWatch;
  /** Null where the token does not allow it. */
  readonly control: RecordingControl | null;
}

/** How often a page asks that hears of the room in no other way. */
const ALONE_MS = 2_000;
/** And one whose socket does not connect. */
const UNTOLD_MS = 10_000;

/** Same origin. `socket`: where the page hears of the recording. */
export function createRoomRecorder(
  port: BrowserPort,
  { room, token }: { readonly room: string; readonly token: TokenSource },
  socket?: RoomWatchOptions['socket'],
): RoomRecorder {
  const { origin } = location;
  const api = new RoomApi(port, { url: `${origin}/api/v1/rooms/${room}`, token });
  const watch = new RoomWatch({
    read: () => api.read(),
    everyMs: socket === undefined ? ALONE_MS : UNTOLD_MS,
    ...(socket === undefined ? {} : { socket }),
  });
  const loadApi = async () => {
    const { RecordingsApi } = await import('../core/recordings/recordings-api.ts');
    return new RecordingsApi(port, { origin, token: tokenNow(token) });
  };
  const readRoom = () => watch.refresh();
  const control = claimsOperate(tokenNow(token))
    ? new RecordingControl({ room, loadApi, readRoom })
    : null;
  return { watch, control };
}
