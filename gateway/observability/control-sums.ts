import { Gauge, type Registry } from 'prom-client';

/** How many hold control and how many wait for it, over all sources. */
export function watchControl(
  registry: Registry,
  figures: () => Iterable<{ readonly holders: number; readonly waiting: number }>,
): void {
  new Gauge({
    name: 'pixelcast_control_viewers',
    help: 'Viewers that hold control, or wait for it.',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      const sums = { holds: 0, waits: 0 };
      for (const { holders, waiting } of figures()) {
        sums.holds += holders;
        sums.waits += waiting;
      }
      for (const [state, sum] of Object.entries(sums)) this.set({ state }, sum);
    },
  });
}
