import * as audit from './audit.ts';
import * as carriages from './carriages.ts';
import * as containers from './containers.ts';
import * as control from './control.ts';
import * as diagnosis from './diagnosis.ts';
import * as events from './events.ts';
import * as figures from './figures.ts';
import * as invitations from './invitations.ts';
import * as login from './login.ts';
import * as users from './users.ts';
import * as health from './health.ts';
import * as hosts from './hosts.ts';
import * as ice from './ice.ts';
import * as nodeInspection from './node-inspection.ts';
import * as nodes from './nodes.ts';
import * as machine from './machine.ts';
import type { OperationTable } from './operation.ts';
import * as peers from './peers.ts';
import * as recordings from './recordings.ts';
import * as revocations from './revocations.ts';
import * as rooms from './rooms.ts';
import * as sessions from './sessions.ts';
import * as settings from './settings.ts';
import * as sources from './sources.ts';
import * as tokens from './tokens.ts';
import * as webhooks from './webhooks.ts';
import * as whipWhep from './whip-whep.ts';

/** A file of a table, which holds schemas as well. */
type Table = Readonly<Record<string, unknown>>;

const TABLES: readonly Table[] = [
  whipWhep,
  rooms,
  sources,
  sessions,
  hosts,
  control,
  nodes,
  nodeInspection,
  carriages,
  containers,
  recordings,
  tokens,
  users,
  login,
  invitations,
  revocations,
  events,
  webhooks,
  audit,
  ice,
  peers,
  diagnosis,
  figures,
  settings,
  machine,
  health,
];

/** Every operation, in the order of the document. */
export const OPERATIONS: readonly OperationTable[] = TABLES.flatMap((table) =>
  Object.values(table).filter(isOperation),
);

function isOperation(value: unknown): value is OperationTable {
  return typeof value === 'object' && value !== null && 'access' in value && 'path' in value;
}
