import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startGateway } from '../../support/gateway/start-gateway.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');
const DOCUMENT = read('docs/metrics.md');

let page: string | undefined;
/** What a gateway tells that served somebody, and one of several beside it; the same to all tests. */
async function metricsPage(): Promise<string> {
  if (page !== undefined) return page;
  const { gateway } = await startGateway();
  await gateway.whip('demo');
  await gateway.request('GET', '/nothing');
  const alone = await (await gateway.request('GET', '/metrics', { token: null })).text();
  // Nothing listens there: the metrics of a cluster are told without its Redis, too.
  const env = { REDIS_URL: 'redis://127.0.0.1:1', CLUSTER_URL: 'http://127.0.0.1:8080' };
  const { gateway: another } = await startGateway({ env });
  const ofSeveral = await (await another.request('GET', '/metrics', { token: null })).text();
  const own = ofSeveral.match(/^# HELP pixelcast_cluster_.*\n(?:(?!# HELP).*\n)*/gm) ?? [];
  page = alone + own.join('');
  return page;
}

const describedOn = (text: string): string[][] =>
  [...text.matchAll(/^# HELP (pixelcast_\S+) (.*)\n# TYPE \S+ (\S+)$/gm)].map(
    ([, name = '', help = '', type = '']) => [name, type, help],
  );

test('[FIG-06] docs/metrics.md has every metric, its type and meaning', async () => {
  const rows = DOCUMENT.split('\n')
    .filter((line) => line.startsWith('| `pixelcast_'))
    .map((line) => line.split(/ *\| */).slice(1, -1))
    .map(([name = '', type, , meaning]) => [name.replaceAll('`', ''), type, meaning]);
  expect(rows).toEqual(
    describedOn(await metricsPage()).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
});

test('[FIG-06] docs/metrics.md has every label of what is on the page', async () => {
  const told = await metricsPage();
  for (const [, name = '', labels = ''] of told.matchAll(/^(pixelcast_\w+)\{(.*)\} /gm)) {
    const base = name.replace(/_(?:bucket|sum|count)$/, '');
    const row = DOCUMENT.split('\n').find(
      (line) => line.startsWith(`| \`${name}\``) || line.startsWith(`| \`${base}\``),
    );
    for (const [, label = ''] of labels.matchAll(/(?:^|,)(\w+)="/g)) {
      if (label !== 'le') expect(row, name).toContain(`\`${label}\``);
    }
  }
});

test.each([
  'gateway/observability/prometheus/alerts.yml',
  'gateway/observability/prometheus/alerts.test.yml',
  'gateway/observability/grafana/dashboards/pixelcast.json',
])('[FIG-06] every metric that %s names exists', async (path) => {
  const told = await metricsPage();
  const names = new Set(
    [...told.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram'
        ? [name, ...['_bucket', '_sum', '_count'].map((end) => name + end)]
        : [name],
    ),
  );
  const text = read(path).replaceAll(/uid["']?: ["']?[\w-]+/g, '');
  const named = [...text.matchAll(/\b(?:pixelcast|process|nodejs)_[a-z0-9_]+/g)].map(
    ([name]) => name,
  );
  expect(named.length).toBeGreaterThan(5);
  expect([...new Set(named)].filter((name) => !names.has(name))).toEqual([]);
});

test('[FIG-06] every alert leads to a part of docs/troubleshooting.md', () => {
  const [path] = globSync('docs/troubleshooting.md', { cwd: ROOT });
  const parts = new Set(
    [...read(path ?? '').matchAll(/<a id="([a-z-]+)"><\/a>/g)].map(([, anchor]) => anchor),
  );
  const alerts = read('gateway/observability/prometheus/alerts.yml');
  const runbooks = [...alerts.matchAll(/runbook: docs\/troubleshooting\.md#([a-z-]+)$/gm)];
  expect(runbooks).toHaveLength(alerts.split('- alert: ').length - 1);
  expect(runbooks.map(([, anchor]) => anchor).filter((anchor) => !parts.has(anchor))).toEqual([]);
});
