import { z } from 'zod';
import { operation } from './operation.ts';

/** What is kept over time; a name ends in its unit, and without one it is a count. */
export const FigureName = z.enum([
  'publishersWebrtc',
  'publishersWebsocket',
  'viewersWebrtc',
  'viewersWebsocket',
  'rooms',
  'hosts',
  'controllers',
  'joinsPerMinute',
  'refusalsPerMinute',
  'firstFrameP50Ms', // of sessions that began to play, as players tell
  'firstFrameP95Ms',
  'glassToGlassP50Ms', // of reports of players whose clock agrees with the sender's
  'glassToGlassP95Ms',
  'freezesPerMinute',
  'nodesHealthy',
  'nodeCpu', // of one core, of the busiest node
  'nodeInKbps', // all nodes together
  'nodeOutKbps',
  'cpu', // of one core, this process
  'memoryBytes', // resident, this process
  'eventLoopDelayMs', // p99
  'webhookBacklog',
]);
export type FigureName = z.infer<typeof FigureName>;
export const FIGURE_NAMES = FigureName.options;

export const FigureSpan = z.enum(['15m', '1h', '24h']);
export type FigureSpan = z.infer<typeof FigureSpan>;

/** Figures at equal steps, oldest first; null where there is none. */
export const FiguresView = z.object({
  /** Milliseconds: 5,000, for a day 60,000. */
  step: z.int(),
  /** Epoch milliseconds of the first. */
  from: z.number(),
  series: z.record(FigureName, z.array(z.number().nullable())),
});
export type FiguresView = z.infer<typeof FiguresView>;

export const readFigures = operation({
  id: 'readFigures',
  method: 'GET',
  path: '/api/v1/figures',
  tag: 'Figures',
  summary: 'Figures of the gateway over time, from memory',
  access: 'global-admin',
  query: z.object({ span: FigureSpan.default('1h') }),
  reply: FiguresView,
});
