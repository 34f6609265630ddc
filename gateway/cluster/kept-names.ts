import type { RecordingId } from '../protocol/api/recordings.ts';
import type { RoomId, SessionId, SourceId } from '../protocol/ids.ts';
import type { NodePlace } from '../rooms/session.ts';

const PREFIX = 'pixelcast:cluster:v1:';

/** What a room has outlives its last change so long, whatever becomes of its home; told anew each hour. */
export const ROOM_LIFE_MS = 24 * 3_600_000;

/** Hash of what a room has: its term, and a field for each session, control and policy. */
export const roomKey = (room: RoomId): string => `${PREFIX}kept:{${room}}`;

/** There while a client at a node is some gateway's. */
export const placeKey = ({ service, clientId }: NodePlace): string =>
  `${PREFIX}place:${service}/${clientId}`;

/** Hash of what operators did last with nodes, by the node's name. */
export const NODE_ACTS_KEY = `${PREFIX}node-acts`;

/** Hash of the revocation list, by the id of an entry. */
export const REVOCATIONS_KEY = `${PREFIX}revocations`;

/** Hash of rows that all gateways share, and the order in which they came. */
export const rowKeys = (name: string): readonly [string, string] => [
  `${PREFIX}rows:{${name}}:all`,
  `${PREFIX}rows:{${name}}:order`,
];

/** Name of the gateway that holds a recording. */
export const recordingKey = (id: RecordingId): string => `${PREFIX}recording:${id}`;

/** Hash of the recordings that are open, by id: room, time, and name of the holder. */
export const OPEN_RECORDINGS_KEY = `${PREFIX}recordings:open`;

/** How often an invitation was used. */
export const useKey = (invitation: string): string => `${PREFIX}uses:${invitation}`;

/** Wrong passwords in a row. */
export const triesKey = (digest: string): string => `${PREFIX}tries:{logins}:${digest}`;

/** A field of a room's hash. */
export type KeptField = `s:${string}` | `c:${string}` | `p:${string}`;

export const sessionField = (id: SessionId): KeptField => `s:${id}`;
export const controlField = (source: SourceId): KeptField => `c:${source}`;
export const policyField = (source: SourceId): KeptField => `p:${source}`;
