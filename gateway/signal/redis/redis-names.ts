import { RoomId, SourceId } from '../../protocol/ids.ts';
import type { SourcePlace } from '../../rooms/hosts/source-place.ts';

const PREFIX = 'pixelcast:signal:v1:';

/** Hash of the peers of a source: their ids, and members as JSON. */
export const roomKey = ({ room, source }: SourcePlace): string => `${PREFIX}room:${room}/${source}`;

/** Begins the key that is there while a gateway lives. */
export const GATEWAY_PREFIX = `${PREFIX}gateway:`;

/** Begins the channels that a gateway listens to. */
export const channelPrefix = (gateway: string): string => `${PREFIX}to:${gateway}:`;

/** Where a gateway hears of a source. */
export const channelOf = (gateway: string, { room, source }: SourcePlace): string =>
  `${channelPrefix(gateway)}${room}/${source}`;

/** The source that a channel of this gateway is about. */
export function placeOf(gateway: string, channel: string): SourcePlace | undefined {
  const [room, source] = channel.slice(channelPrefix(gateway).length).split('/');
  const place = { room: RoomId.safeParse(room), source: SourceId.safeParse(source) };
  if (!place.room.success || !place.source.success) return undefined;
  return { room: place.room.data, source: place.source.data };
}
