import { changeLedger } from '../store/change-ledger.ts';

/** The schema of `webhooks.db`, by versions. */
export const WEBHOOK_MIGRATIONS = [
  `CREATE TABLE endpoint (
     id TEXT PRIMARY KEY,
     url TEXT NOT NULL,
     description TEXT NOT NULL,
     types TEXT NOT NULL,
     rooms TEXT NOT NULL,
     enabled INTEGER NOT NULL,
     disabled_why TEXT,
     failing_since INTEGER,
     secret TEXT NOT NULL,
     previous_secret TEXT,
     previous_until INTEGER,
     version INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     updated_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE delivery (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     endpoint TEXT NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
     event TEXT NOT NULL,
     type TEXT NOT NULL,
     room TEXT NOT NULL,
     body TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
     attempts INTEGER NOT NULL DEFAULT 0,
     created_at INTEGER NOT NULL,
     next_at INTEGER,
     done_at INTEGER,
     status INTEGER,
     duration_ms INTEGER,
     detail TEXT NOT NULL DEFAULT '',
     answer TEXT NOT NULL DEFAULT ''
   ) STRICT;
   CREATE INDEX delivery_endpoint ON delivery (endpoint, seq);
   CREATE INDEX delivery_waiting ON delivery (seq) WHERE state = 'waiting';
   CREATE INDEX delivery_done ON delivery (done_at) WHERE state <> 'waiting';`,
  changeLedger([{ name: 'endpoint', key: 'id', version: 'version', since: 'updated_at' }]),
];
