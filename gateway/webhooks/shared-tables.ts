import type { SharedTable } from '../cluster/rows/shared-table.ts';
import { SharedEndpointRow } from './endpoint.ts';

const REMEMBER_MS = 400 * 24 * 3600_000;

/** What of `webhooks.db` all gateways of a cluster have in common. Since when it fails each sees by itself. */
export const SHARED_TABLES: readonly SharedTable[] = [
  {
    name: 'endpoint',
    key: 'id',
    columns: Object.keys(SharedEndpointRow.shape),
    rememberMs: REMEMBER_MS,
    row: SharedEndpointRow,
  },
];
