import type { EngineCommand, EngineEvent, EngineOpening, WorkerReady } from './engine-messages.ts';
import { StripesEngine } from './stripes-engine.ts';

self.onmessage = ({ data: opening }: MessageEvent<EngineOpening>) => {
  const engine = new StripesEngine(opening, (event: EngineEvent) => postMessage(event));
  self.onmessage = ({ data }: MessageEvent<EngineCommand>) => engine.handle(data);
};
postMessage({ type: 'ready' } satisfies WorkerReady);
