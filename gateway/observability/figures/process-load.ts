import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;

/** What this process takes of its machine, between two looks. */
export class ProcessLoad {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #at = performance.now();

  start(): void {
    this.#delay.enable();
  }

  close(): void {
    this.#delay.disable();
  }

  take(): { readonly cpu: number; readonly memoryBytes: number; readonly delayMs: number | null } {
    const at = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const elapsedMs = at - this.#at;
    this.#cpu = process.cpuUsage();
    this.#at = at;
    // Node counts from one look to the next: its own interval is in each.
    const delayMs =
      this.#delay.count === 0
        ? null
        : Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS);
    this.#delay.reset();
    return {
      cpu: elapsedMs > 0 ? (user + system) / 1000 / elapsedMs : 0,
      memoryBytes: process.memoryUsage.rss(),
      delayMs,
    };
  }
}
