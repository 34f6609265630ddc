import type { RoomView, SourceView } from '../../gateway/protocol/api/rooms.ts';
import type { BrowserPort } from './browser-port.ts';
import { tokenNow } from './token-source.ts';
import type { TokenSource } from './token-source.ts';

/**
 * One source of a room. `startable`: nobody publishes it, but its host does as soon as somebody
 * watches; `absent`: the room lists no such source; null: it cannot be told now.
 */
export type SourceReading = SourceView | 'startable' | 'absent' | null;

/** The same, where no more counts than what comes by WHEP. */
export const byWebRtc = (reading: SourceReading): SourceReading =>
  reading === null || typeof reading === 'string'
    ? reading
    : { ...reading, live: reading.transports.includes('webrtc') };

/** Reads `GET /api/v1/rooms/:room` with any token of that room. */
export class RoomApi {
  readonly #port: BrowserPort;
  readonly #url: string;
  readonly #token: TokenSource;

  constructor(
    port: BrowserPort,
    { url, token }: { readonly url: string; readonly token: TokenSource },
  ) {
    this.#port = port;
    this.#url = url;
    this.#token = token;
  }

  /** The room, or null when it cannot be told now. */
  async read(): Promise<RoomView | null> {
    try {
      const response = await this.#port.fetch(this.#url, {
        headers: { Accept: 'application/json', Authorization: `Bearer ${tokenNow(this.#token)}` },
        cache: 'no-store',
        signal: AbortSignal.timeout(4_000),
      });
      if (!response.ok) return null;
      const body: unknown = await response.json();
      return isRoomView(body) ? body : null;
    } catch {
      return null;
    }
  }

  async readSource(source: string): Promise<SourceReading> {
    const room = await this.read();
    if (room === null) return null;
    const view = room.sources.find((each) => each.source === source);
    if (view?.live === true) return view;
    const host = room.hosts?.find((each) => each.source === source);
    if (host !== undefined && host.state !== 'failed') return 'startable';
    return view ?? 'absent';
  }
}

function isRoomView(body: unknown): body is RoomView {
  return (
    typeof body === 'object' && body !== null && 'sources' in body && Array.isArray(body.sources)
  );
}
