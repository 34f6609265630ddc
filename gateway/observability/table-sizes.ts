import { Gauge, type Registry } from 'prom-client';

/**
 * `pixelcast_table_entries{table}`: how much each of the gateway's tables holds. What clients can fill
 * comes back to zero when they are gone.
 */
export function watchTables(
  registry: Registry,
  sizes: Readonly<Record<string, () => number>>,
): void {
  new Gauge({
    name: 'pixelcast_table_entries',
    help: 'Entries in the gateway’s tables.',
    labelNames: ['table'] as const,
    registers: [registry],
    collect() {
      for (const [table, size] of Object.entries(sizes)) this.set({ table }, size());
    },
  });
}
