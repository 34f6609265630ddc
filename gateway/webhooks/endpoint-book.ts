import { randomBytes } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import type { WebhookChange, WebhookRequest } from '../protocol/api/webhooks.ts';
import { StoreError, type Statement, type Store } from '../store/store.ts';
import { endpointColumns, readEndpoint, type Endpoint } from './endpoint.ts';
import { newSecret } from './signature.ts';

/** The endpoints: kept in the store, and here to be found at once. */
export class EndpointBook {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #endpoints = new Map<string, Endpoint>();

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Reads what is kept; what is not any more is forgotten. @throws StoreError */
  async load(): Promise<void> {
    const rows = await this.#store.all('SELECT * FROM endpoint ORDER BY created_at, id');
    this.#endpoints.clear();
    for (const row of rows) {
      const endpoint = readEndpoint(row);
      this.#endpoints.set(endpoint.id, endpoint);
    }
  }

  /** The oldest first. */
  list(): readonly Endpoint[] {
    return [...this.#endpoints.values()];
  }

  find(id: string): Endpoint | undefined {
    return this.#endpoints.get(id);
  }

  /** @throws GatewayError `not-found` */
  get(id: string): Endpoint {
    const endpoint = this.#endpoints.get(id);
    if (endpoint !== undefined) return endpoint;
    throw new GatewayError('not-found', 'There is no such webhook, or no longer.');
  }

  /** @throws GatewayError `capacity` */
  async create(request: WebhookRequest): Promise<Endpoint> {
    if (this.#endpoints.size >= LIMITS.webhooks) {
      throw new GatewayError('capacity', `There are ${LIMITS.webhooks} webhooks already.`);
    }
    const now = this.#now();
    const endpoint: Endpoint = {
      ...request,
      id: `wh_${randomBytes(9).toString('base64url')}`,
      disabledWhy: null,
      failingSince: null,
      secret: newSecret(),
      previousSecret: null,
      previousUntil: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    const columns = endpointColumns(endpoint);
    const names = Object.keys(columns);
    const sql = `INSERT INTO endpoint (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    await this.#store.write([{ sql, params: Object.values(columns) }]);
    this.#endpoints.set(endpoint.id, endpoint);
    return endpoint;
  }

  /** What an administrator changes; enabling it forgets why it was disabled. */
  async change(known: Endpoint, change: WebhookChange): Promise<Endpoint> {
    const fresh = change.enabled === true || change.url !== undefined;
    const forgotten = fresh ? { disabledWhy: null, failingSince: null } : {};
    return await this.#replace(known, { ...change, ...forgotten });
  }

  /** The secret of before signs for `overlapMs` too. */
  async rotate(known: Endpoint, overlapMs: number): Promise<Endpoint> {
    const keeps = overlapMs > 0;
    return await this.#replace(known, {
      secret: newSecret(),
      previousSecret: keeps ? known.secret : null,
      previousUntil: keeps ? this.#now() + overlapMs : null,
    });
  }

  /** Notes since when it fails; what an administrator sees of it keeps its version. */
  async setFailing(id: string, failingSince: number | null): Promise<void> {
    const known = this.#endpoints.get(id);
    if (known === undefined || known.failingSince === failingSince) return;
    this.#endpoints.set(id, { ...known, failingSince });
    const sql = 'UPDATE endpoint SET failing_since = ? WHERE id = ?';
    await this.#store.write([{ sql, params: [failingSince, id] }]);
  }

  async disable(known: Endpoint, disabledWhy: string): Promise<Endpoint> {
    return await this.#replace(known, { enabled: false, disabledWhy });
  }

  /** @throws GatewayError `precondition-failed` */
  async delete({ id, version }: Endpoint): Promise<void> {
    const sql = 'DELETE FROM endpoint WHERE id = ? AND version = ?';
    await this.#write([{ sql, params: [id, version], changes: 1 }]);
    this.#endpoints.delete(id);
  }

  /** @throws GatewayError `precondition-failed` when somebody else was faster. */
  async #replace(known: Endpoint, change: Partial<Endpoint>): Promise<Endpoint> {
    const version = known.version + 1;
    const next: Endpoint = { ...known, ...change, version, updatedAt: this.#now() };
    const columns = endpointColumns(next);
    const sets = Object.keys(columns).map((name) => `${name} = ?`);
    const sql = `UPDATE endpoint SET ${sets.join(', ')} WHERE id = ? AND version = ?`;
    const params = [...Object.values(columns), known.id, known.version];
    await this.#write([{ sql, params, changes: 1 }]);
    this.#endpoints.set(known.id, next);
    return next;
  }

  async #write(statements: readonly Statement[]): Promise<void> {
    try {
      await this.#store.write(statements);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'conflict') throw error;
      throw new GatewayError('precondition-failed', 'Somebody else has changed it meanwhile.');
    }
  }
}
