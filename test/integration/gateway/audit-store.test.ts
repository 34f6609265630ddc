import { describe, expect, onTestFinished, test } from 'vitest';
import { AUDIT_MIGRATIONS, AuditStore } from '../../../gateway/audit/audit-store.ts';
import type { AuditRecord } from '../../../gateway/audit/audit-record.ts';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import type { AuditView } from '../../../gateway/protocol/api/audit.ts';
import { LateStore } from '../../../gateway/store/late-store.ts';
import { aToken, anAdminToken } from '../../support/gateway/a-token.ts';
import { aFolder, startGateway } from '../../support/gateway/start-gateway.ts';
import { aKeepingLogger } from '../../support/store/a-store.ts';

interface AuditPage {
  readonly items: readonly AuditView[];
  readonly next: string | null;
  readonly total: number;
}

const record = (act: string): AuditRecord => ({
  act,
  by: 'root',
  room: null,
  address: '192.0.2.1',
  request: null,
  detail: {},
});

const QUERY = {
  limit: 200,
  before: undefined,
  q: undefined,
  by: undefined,
  act: undefined,
  since: undefined,
  until: undefined,
};

function aStore(options: { maxDays?: number; maxRecords?: number } = {}) {
  const { log, lines } = aKeepingLogger();
  const clock = { now: 1_800_000_000_000 };
  const file = `${aFolder()}/audit.db`;
  const store = new AuditStore({
    store: new LateStore('audit', { file, migrations: AUDIT_MIGRATIONS, log }),
    maxDays: 90,
    maxRecords: 100_000,
    log,
    now: () => clock.now,
    ...options,
  });
  store.start();
  onTestFinished(() => store.close());
  return { store, clock, lines };
}

describe('GET /api/v1/audit', () => {
  test('[AUDIT-01] tells acts and refusals, the newest first, by pages', async () => {
    const { gateway } = await startGateway();
    const token = anAdminToken({ sub: 'root' });
    const find = async (query: string): Promise<AuditPage> =>
      (await gateway.json(`/api/v1/audit?${query}`, token)) as AuditPage;
    for (const sub of ['anna', 'ben', 'cleo']) {
      await gateway.request('POST', '/api/v1/tokens', {
        token,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sub, room: 'demo', can: ['watch'] }),
      });
    }
    await gateway.request('GET', '/api/v1/sessions', { token: aToken({ sub: 'mallory' }) });
    const minted = await find('act=token-minted&limit=2');
    expect(minted.total).toBe(3);
    expect(minted.items.map(({ detail }) => detail['subject'])).toEqual(['cleo', 'ben']);
    expect(minted.items[0]).toMatchObject({ by: 'root', room: 'demo', act: 'token-minted' });
    const rest = await find(`act=token-minted&limit=2&cursor=${minted.next ?? ''}`);
    expect(rest.items.map(({ detail }) => detail['subject'])).toEqual(['anna']);
    expect(rest.next).toBe(null);
    const refused = await find('q=MALLORY');
    expect(refused.items).toMatchObject([{ act: 'refused', by: 'mallory' }]);
    const at = minted.items[0]?.at ?? 0;
    expect((await find(`act=token-minted&until=${at - 1}`)).total).toBeLessThan(3);
    expect((await find(`since=${at + 3_600_000}`)).total).toBe(0);
    for (const q of ["' OR '1'='1", '%', '"; DROP TABLE record; --']) {
      expect((await find(`q=${encodeURIComponent(q)}`)).items, q).toEqual([]);
    }
  });

  test('[AUDIT-02] is for administrators of all rooms, and has no token in it', async () => {
    const { gateway } = await startGateway();
    for (const token of [aToken(), aToken({ can: ['admin'] }), anAdminToken({ can: ['operate'] })])
      expect((await gateway.request('GET', '/api/v1/audit', { token })).status).toBe(403);
    const token = anAdminToken();
    await gateway.request('GET', '/whip/demo', { token: `${token}x` });
    const found = await gateway.request('GET', '/api/v1/audit', { token });
    expect(await found.text()).not.toContain(token.slice(0, 40));
  });
});

describe('the store of the audit log', () => {
  test('[AUDIT-03] keeps records for so many days, and so many of them', async () => {
    const { store, clock } = aStore({ maxDays: 2, maxRecords: 100 });
    store.add(record('old'));
    await store.find(QUERY);
    clock.now += 3 * 24 * 3_600_000;
    for (let n = 0; n < 150; n += 1) store.add(record(`${n}`));
    await store.find(QUERY);
    await store.trim();
    const { items, total } = await store.find(QUERY);
    expect(total).toBe(100);
    expect([items[0]?.act, items.at(-1)?.act]).toEqual(['149', '50']);
  });

  test('in a flood keeps a bounded number and says how many are in the log alone', async () => {
    const { store, lines } = aStore();
    for (let n = 0; n < LIMITS.auditUnwritten + 5; n += 1) store.add(record('x'));
    expect((await store.find(QUERY)).total).toBe(LIMITS.auditUnwritten);
    expect(lines.at(-1)).toContain('"records":5');
  });
});
