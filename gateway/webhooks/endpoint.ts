import { z } from 'zod';
import { GatewayEventType, type GatewayEvent } from '../protocol/gateway-event.ts';
import { RoomId } from '../protocol/ids.ts';
import type { Row, SqlValue } from '../store/store.ts';

/** One receiver of events, as it is kept. Times are epoch milliseconds. */
export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly types: readonly GatewayEventType[];
  readonly rooms: readonly RoomId[];
  readonly enabled: boolean;
  readonly disabledWhy: string | null;
  readonly failingSince: number | null;
  readonly secret: string;
  readonly previousSecret: string | null;
  readonly previousUntil: number | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What of an endpoint is the same at all gateways. */
export const SharedEndpointRow = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string(),
  types: z.string(),
  rooms: z.string(),
  enabled: z.number(),
  disabled_why: z.string().nullable(),
  secret: z.string(),
  previous_secret: z.string().nullable(),
  previous_until: z.number().nullable(),
  version: z.number(),
  created_at: z.number(),
  updated_at: z.number(),
});

const EndpointRow = SharedEndpointRow.extend({ failing_since: z.number().nullable() }).transform(
  (row): Endpoint => ({
    id: row.id,
    url: row.url,
    description: row.description,
    types: knownTypes(JSON.parse(row.types)),
    rooms: z.array(RoomId).parse(JSON.parse(row.rooms)),
    enabled: row.enabled === 1,
    disabledWhy: row.disabled_why,
    failingSince: row.failing_since,
    secret: row.secret,
    previousSecret: row.previous_secret,
    previousUntil: row.previous_until,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }),
);

/** Types that a later version knew are skipped. */
const knownTypes = (words: unknown): GatewayEventType[] =>
  z
    .array(z.string())
    .parse(words)
    .flatMap((word) => GatewayEventType.safeParse(word).data ?? []);

export const readEndpoint = (row: Row): Endpoint => EndpointRow.parse(row);

/** The columns of an endpoint, by name. */
export const endpointColumns = (endpoint: Endpoint): Readonly<Record<string, SqlValue>> => ({
  id: endpoint.id,
  url: endpoint.url,
  description: endpoint.description,
  types: JSON.stringify(endpoint.types),
  rooms: JSON.stringify(endpoint.rooms),
  enabled: endpoint.enabled ? 1 : 0,
  disabled_why: endpoint.disabledWhy,
  failing_since: endpoint.failingSince,
  secret: endpoint.secret,
  previous_secret: endpoint.previousSecret,
  previous_until: endpoint.previousUntil,
  version: endpoint.version,
  created_at: endpoint.createdAt,
  updated_at: endpoint.updatedAt,
});

/** Whether the endpoint wants an event. */
export function wants({ enabled, types, rooms }: Endpoint, event: GatewayEvent): boolean {
  if (!enabled) return false;
  if (types.length > 0 && !types.includes(event.type)) return false;
  return rooms.length === 0 || ('room' in event && rooms.includes(event.room));
}

/** The secrets that sign now, the newest first. */
export const liveSecrets = (
  { secret, previousSecret, previousUntil }: Endpoint,
  now: number,
): readonly string[] =>
  previousSecret !== null && previousUntil !== null && previousUntil > now
    ? [secret, previousSecret]
    : [secret];
