import { Counter, Gauge, type Registry } from 'prom-client';

/** Figures of sources at more than one node. */
export function watchCarriages(
  registry: Registry,
  carriages: {
    list(): readonly unknown[];
    readonly totals: { readonly begun: number; readonly failed: number };
  },
): void {
  const registers = [registry];
  new Gauge({
    name: 'pixelcast_carriages',
    help: 'Sources that are carried to a further node, or about to be, once for each node.',
    registers,
    collect() {
      this.set(carriages.list().length);
    },
  });
  new Counter({
    name: 'pixelcast_carriages_total',
    help: 'Attempts to carry a source to a further node, by what became of them.',
    labelNames: ['result'] as const,
    registers,
    collect() {
      const { begun, failed } = carriages.totals;
      this.reset();
      this.inc({ result: 'begun' }, begun);
      this.inc({ result: 'failed' }, failed);
    },
  });
}
