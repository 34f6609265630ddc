import { setTimeout as delay } from 'node:timers/promises';
import { readBusySeconds } from './core-usage.ts';
import { distributionOf, type Distribution } from './distribution.ts';
import type { FleetCount } from './fleet-messages.ts';
import { Fleet } from './fleet.ts';
import { canPin, type CpuPlace, type MediaServer } from './media-server.ts';
import { readProcessTree } from './process-tree.ts';
import { probeResponses } from './response-probe.ts';

/** One stream to so many viewers, for one measuring window. */
export interface FanoutStep {
  readonly viewers: number;
  readonly failedJoins: number;
  readonly firstFailure: string | null;
  readonly packetsPerSecond: number;
  /** Of one core. */
  readonly cpuShare: number;
  readonly microsecondsPerPacket: number;
  readonly rssBytes: number;
  /** Growth since before the first viewer. */
  readonly rssPerViewer: number;
  /** Video packets that probes got, against those published: below 1 the server is behind. */
  readonly keptShare: number;
  /** Gaps in what they got. */
  readonly missing: number;
  /** How long the newest packet that they got was under way, at the end of the window. */
  readonly lateMs: number;
  /** Of the server's core, by other processes; null when nothing is pinned. */
  readonly othersShare: number | null;
  /** The server's own figure; null when it gives none. */
  readonly loopDelayP99Ms: number | null;
  readonly responses: Distribution;
}

export interface SweepOptions {
  readonly videoBitsPerSecond: number;
  readonly viewers: readonly number[];
  readonly windowMs: number;
  /** Of publisher, probes and fleets. */
  readonly loadPlace: CpuPlace;
  readonly serverPlace: CpuPlace;
}

const PROBES = 2;
const FLEET_SIZE = 400;
const SETTLE_MS = 2000;

/**
 * Grows the crowd step by step. Viewers connect for real and are then stopped for the window, so
 * that the server's side alone is measured; two live probes count what is missing. The publisher
 * is quiet while viewers join, because live ones would need the load's core for themselves.
 */
export async function sweepFanout(
  server: MediaServer,
  options: SweepOptions,
  onStep: (step: FanoutStep) => void,
): Promise<FanoutStep[]> {
  const query = `app=fanout&stream=f${Date.now().toString(36)}`;
  const whipUrl = `${server.apiUrl}/rtc/v1/whip/?${query}`;
  const whepUrl = `${server.apiUrl}/rtc/v1/whep/?${query}`;
  const rssAtStart = rssOf(server);
  const source = new Fleet(options.loadPlace);
  const fleets: Fleet[] = [];
  const steps: FanoutStep[] = [];
  try {
    const { videoBitsPerSecond } = options;
    const opened = await source.tell({
      ...{ type: 'publish', whipUrl, whepUrl, probes: PROBES, videoBitsPerSecond },
    });
    if (opened.failed > 0) throw new Error(`${server.name}: ${opened.firstFailure ?? ''}`);
    let have = PROBES;
    for (const viewers of options.viewers) {
      await source.tell({ type: 'sound', loud: false });
      const grown = await growTo(fleets, {
        whepUrl,
        missing: viewers - have,
        place: options.loadPlace,
      });
      have = PROBES + grown.connected;
      const step = await measureStep(
        server,
        { source, fleets, viewers: have, rssAtStart },
        options,
      );
      steps.push({ ...step, failedJoins: grown.failed, firstFailure: grown.firstFailure });
      onStep(steps.at(-1) ?? { ...step, failedJoins: 0, firstFailure: null });
    }
    return steps;
  } finally {
    await Promise.allSettled([source, ...fleets].map((fleet) => fleet.close()));
  }
}

interface Crowd {
  readonly source: Fleet;
  readonly fleets: readonly Fleet[];
  readonly viewers: number;
  readonly rssAtStart: number;
}

async function measureStep(
  server: MediaServer,
  { source, fleets, viewers, rssAtStart }: Crowd,
  { windowMs, serverPlace }: SweepOptions,
): Promise<Omit<FanoutStep, 'failedJoins' | 'firstFailure'>> {
  for (const fleet of fleets) fleet.stop();
  try {
    await source.tell({ type: 'sound', loud: true });
    await delay(SETTLE_MS);
    const before = await source.tell({ type: 'count' });
    const startedAt = performance.now();
    const cpuBefore = cpuOf(server);
    const busyBefore = readBusySeconds(serverPlace.core);
    const url = `${server.apiUrl}/api/v1/versions`;
    const { authorization } = server;
    const elapsedMs = await probeResponses(url, { forMs: windowMs, everyMs: 25, authorization });
    const cpuSeconds = cpuOf(server) - cpuBefore;
    const seconds = (performance.now() - startedAt) / 1000;
    const busySeconds = readBusySeconds(serverPlace.core) - busyBefore;
    const after = await source.tell({ type: 'count' });
    const publishedVideo = after.publishedVideo - before.publishedVideo;
    const keptShare = (after.probed - before.probed) / (publishedVideo * PROBES);
    const sent = (after.published - before.published) * viewers * Math.min(1, keptShare);
    const rssBytes = rssOf(server);
    return {
      viewers,
      packetsPerSecond: sent / seconds,
      cpuShare: cpuSeconds / seconds,
      microsecondsPerPacket: (cpuSeconds * 1e6) / sent,
      rssBytes,
      rssPerViewer: (rssBytes - rssAtStart) / viewers,
      keptShare,
      othersShare: canPin() ? (busySeconds - cpuSeconds) / seconds : null,
      missing: after.missing - before.missing,
      lateMs: after.lateMs,
      loopDelayP99Ms: await loopDelayOf(server),
      responses: distributionOf(elapsedMs),
    };
  } finally {
    await source.tell({ type: 'sound', loud: false });
    for (const fleet of fleets) fleet.resume();
    // Peers answer what waits for them, and ask for consent again.
    await delay(SETTLE_MS);
  }
}

async function growTo(
  fleets: Fleet[],
  want: { readonly whepUrl: string; readonly missing: number; readonly place: CpuPlace },
): Promise<FleetCount> {
  const { whepUrl, place } = want;
  let left = want.missing;
  while (left > 0) {
    const last = fleets.at(-1);
    const full = last === undefined || (await last.tell({ type: 'count' })).connected >= FLEET_SIZE;
    const fleet = full ? new Fleet(place) : last;
    if (full) fleets.push(fleet);
    const room = FLEET_SIZE - (await fleet.tell({ type: 'count' })).connected;
    const viewers = Math.min(left, Math.max(1, room));
    await fleet.tell({ type: 'grow', whepUrl, viewers });
    left -= viewers;
  }
  const counts = await Promise.all(fleets.map((fleet) => fleet.tell({ type: 'count' })));
  return counts.reduce((sum, count) => ({
    ...sum,
    connected: sum.connected + count.connected,
    failed: sum.failed + count.failed,
    firstFailure: sum.firstFailure ?? count.firstFailure,
  }));
}

async function loopDelayOf(server: MediaServer): Promise<number | null> {
  const headers = server.authorization === null ? {} : { authorization: server.authorization };
  const reply = await fetch(`${server.apiUrl}/api/v1/summaries`, { headers });
  const summaries = (await reply.json()) as { data?: { self?: Record<string, unknown> } };
  const figure = summaries.data?.self?.['event_loop_delay_p99_ms'];
  return typeof figure === 'number' ? figure : null;
}

function cpuOf({ pid }: MediaServer): number {
  return pid === null ? Number.NaN : readProcessTree(pid).cpuSeconds;
}

function rssOf({ pid }: MediaServer): number {
  return pid === null ? Number.NaN : readProcessTree(pid).rssBytes;
}
