import type { Service } from './lifecycle.ts';
import { watchCarriages } from './observability/carriage-figures.ts';
import { Figures, type Sample } from './observability/figures/figures.ts';
import { ProcessLoad } from './observability/figures/process-load.ts';
import { Rate } from './observability/figures/rate.ts';
import { Window } from './observability/figures/window.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import { NodeFigureBook, watchNodes } from './observability/node-figures.ts';
import { recordPlayers } from './observability/player-record.ts';
import type { ObserveStep } from './rooms/diaries.ts';
import type { ObserveReport } from './rooms/hosts/viewer-seat.ts';
import type { Carriages } from './rooms/fleet/carriages.ts';
import type { NodeLoads } from './rooms/fleet/node-loads.ts';
import type { Placement } from './rooms/fleet/placement.ts';
import type { Nodes } from './rooms/nodes.ts';
import type { Registry } from './rooms/registry.ts';

/** Values of 5 s that percentiles are made of. */
const WINDOW = 2_000;

/** What is watched and kept over time. */
export interface Observation {
  readonly figures: Figures;
  readonly service: Service;
  readonly onStep: ObserveStep;
  readonly onReport: ObserveReport;
}

export interface FigureSources {
  readonly registry: Registry;
  readonly nodes: Nodes;
  readonly loads: NodeLoads;
  readonly placement: Placement;
  readonly carriages: Carriages;
  readonly metrics: Metrics;
  /** Who holds control now, over all sources. */
  readonly controllers: () => number;
  readonly hosts: () => number;
  /** Deliveries that wait; null: none are sent from here. */
  readonly webhookBacklog: () => number | null;
  readonly log: Logger;
  readonly now: () => number;
}

/** The figures of `/metrics` that are asked for, and those of `/api/v1/figures`. */
export function createFigures(sources: FigureSources): Observation {
  const { metrics, registry, nodes, log, now } = sources;
  const book = new NodeFigureBook(nodes, (known, figures) =>
    sources.loads.note(known, figures, performance.now()),
  );
  watchNodes(metrics.registry, book, {
    sessions: ({ node }) => registry.load(node),
    strain: (known) => sources.placement.strainOf(known),
  });
  watchCarriages(metrics.registry, sources.carriages);
  const players = recordPlayers(metrics.registry);
  const firstFrames = new Window(WINDOW, Math.random);
  const glass = new Window(WINDOW, Math.random);
  const load = new ProcessLoad();
  const rates = { joins: new Rate(), refusals: new Rate(), freezes: new Rate() };
  const bytes = { in: new Rate(), out: new Rate() };
  let freezes = 0;

  const sample = async (): Promise<Sample> => {
    await book.ask();
    const at = performance.now();
    const told = book.all().flatMap(({ figures }) => figures ?? []);
    const sumOf = (read: (figures: (typeof told)[number]) => number) =>
      told.length === 0 ? null : told.reduce((sum, each) => sum + read(each), 0);
    const { values } = await metrics.attempts.get();
    const attempts = (isOk: boolean) =>
      values
        .filter(({ labels }) => (labels.result === 'ok') === isOk)
        .reduce((sum, { value }) => sum + value, 0);
    const firstFrame = firstFrames.take();
    const glassToGlass = glass.take();
    const { cpu, memoryBytes, delayMs } = load.take();
    return {
      publishersWebrtc: registry.count('publish', 'webrtc'),
      publishersWebsocket: registry.count('publish', 'websocket'),
      viewersWebrtc: registry.count('watch', 'webrtc'),
      viewersWebsocket: registry.count('watch', 'websocket'),
      rooms: registry.roomCount,
      hosts: sources.hosts(),
      controllers: sources.controllers(),
      joinsPerMinute: scaled(rates.joins.perSecond(attempts(true), at), 60),
      refusalsPerMinute: scaled(rates.refusals.perSecond(attempts(false), at), 60),
      firstFrameP50Ms: firstFrame.p50,
      firstFrameP95Ms: firstFrame.p95,
      glassToGlassP50Ms: glassToGlass.p50,
      glassToGlassP95Ms: glassToGlass.p95,
      freezesPerMinute: scaled(rates.freezes.perSecond(freezes, at), 60),
      nodesHealthy: nodes.healthy().length,
      nodeCpu: told.length === 0 ? null : Math.max(...told.map(({ cpuShare }) => cpuShare)),
      nodeInKbps: scaled(
        bytes.in.perSecond(
          sumOf((each) => each.receivedBytes),
          at,
        ),
        8 / 1000,
      ),
      nodeOutKbps: scaled(
        bytes.out.perSecond(
          sumOf((each) => each.sentBytes),
          at,
        ),
        8 / 1000,
      ),
      ...{ cpu, memoryBytes, eventLoopDelayMs: delayMs },
      webhookBacklog: sources.webhookBacklog(),
    };
  };
  const figures = new Figures({
    sample,
    now,
    onError: (error) => log.warn({ err: error }, 'figures of this moment are missing'),
  });
  return {
    figures,
    service: {
      name: 'figures',
      start: () => {
        load.start();
        figures.start();
      },
      close: async () => {
        await figures.close();
        load.close();
      },
    },
    onStep: (step, seconds) => {
      metrics.stepSeconds.observe(step, seconds);
      if (step.step === 'frame') firstFrames.note(seconds * 1000);
    },
    onReport: (report, transport) => {
      players(report, transport);
      freezes += report.freezes;
      if (report.latencyMs !== undefined) glass.note(report.latencyMs);
    },
  };
}

const scaled = (value: number | null, by: number): number | null =>
  value === null ? null : value * by;
