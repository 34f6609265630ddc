import { Counter, Gauge, type Registry } from 'prom-client';
import type { IceSourceView } from '../protocol/ice-sources.ts';

/** Figures of the sources of ICE servers; the only labels are the sources' names. */
export function watchIceSources(
  registry: Registry,
  { views, now }: { views: () => readonly IceSourceView[]; now: () => number },
): void {
  const registers = [registry];
  const labelNames = ['source'] as const;
  const gauge = (name: string, help: string, read: (view: IceSourceView) => number | null) =>
    new Gauge({
      ...{ name, help, labelNames, registers },
      collect() {
        for (const view of views()) {
          const value = read(view);
          if (value !== null) this.set({ source: view.source }, value);
        }
      },
    });
  gauge(
    'pixelcast_ice_source_age_seconds',
    'Time since a source last gave ICE servers.',
    ({ refreshedAt }) => (refreshedAt === null ? null : (now() - refreshedAt) / 1000),
  );
  gauge('pixelcast_ice_source_failing', 'Failures of a source in a row.', (view) => view.failures);
  gauge(
    'pixelcast_ice_source_servers',
    'URLs that a source gave last.',
    (view) => view.urls.length,
  );
  gauge(
    'pixelcast_ice_source_holders',
    'Tokens that have credentials of their own.',
    (view) => view.holders,
  );
  new Counter({
    ...{ name: 'pixelcast_ice_source_failures_total', labelNames, registers },
    help: 'Failures of a source.',
    collect() {
      this.reset();
      for (const { source, failuresInAll } of views()) this.inc({ source }, failuresInAll);
    },
  });
  new Gauge({
    name: 'pixelcast_ice_servers_probed',
    help: 'STUN and TURN servers by whether they answered the last probe from here.',
    labelNames: ['source', 'reachable'] as const,
    registers,
    collect() {
      for (const { source, probes } of views()) {
        const reached = probes.filter(({ reachable }) => reachable).length;
        this.set({ source, reachable: 'yes' }, reached);
        this.set({ source, reachable: 'no' }, probes.length - reached);
      }
    },
  });
}
