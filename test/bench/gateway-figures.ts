import { readFileSync } from 'node:fs';
import { readProcessTree } from './process-tree.ts';

/** What a gateway holds at one moment. */
export interface GatewayFigures {
  /** Entries by table: sessions, rooms, tickets, budgets, addresses. */
  readonly tables: Readonly<Record<string, number>>;
  readonly fileDescriptors: number;
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** What it has waited for its core since it began: another process had it. */
  readonly waitedMs: number;
  /** Longest that the event loop stood still since the last look. */
  readonly stallMs: number;
}

/** The delay is looked at every 10 ms, which the figure includes. */
const CLOCK_MS = 10;

/** Reads `/metrics`, which starts the event loop's figure anew, and /proc. */
export async function readFigures(gateway: {
  readonly url: string;
  readonly pid: number;
}): Promise<GatewayFigures> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const tables = [...text.matchAll(/^pixelcast_table_entries\{table="([^"]+)"\} (\S+)$/gm)];
  const figure = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  const { fileDescriptors, rssBytes } = readProcessTree(gateway.pid);
  return {
    tables: Object.fromEntries(tables.map(([, table = '', size]) => [table, Number(size)])),
    fileDescriptors,
    rssMiB: rssBytes / 2 ** 20,
    waitedMs: waitedOf(gateway.pid),
    heapMiB: figure('nodejs_heap_size_used_bytes') / 2 ** 20,
    stallMs: Math.max(0, figure('nodejs_eventloop_lag_max_seconds') * 1000 - CLOCK_MS),
  };
}

/** Second number of schedstat: nanoseconds on the run queue, of the main thread. */
function waitedOf(pid: number): number {
  const [, waited = ''] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
  return Number(waited) / 1e6;
}
