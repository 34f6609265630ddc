import { execFile } from 'node:child_process';
import { z } from 'zod';
import type { GpuLoad } from '../../gateway/protocol/host.ts';

/** It samples for ever: it is ended after two samples, of which the first says nothing. */
const SAMPLE_MS = 500;
const RUN_MS = 1_600;

const Sample = z.object({ engines: z.record(z.string(), z.object({ busy: z.number() })) });

/** What `intel_gpu_top -J` prints until it is ended. Never rejects; '' where it cannot run. */
export function askIntel(): Promise<string> {
  const args = ['-J', '-s', String(SAMPLE_MS)];
  return new Promise((resolve) => {
    execFile('intel_gpu_top', args, { timeout: RUN_MS }, (_error, stdout) => resolve(stdout));
  });
}

/**
 * The newest whole sample: objects one after the other, in an array or not, by the tool's version. A
 * card is as busy as the busiest of its engines; how much memory it uses is not told.
 */
export function parseIntel(text: string): readonly GpuLoad[] {
  const starts = [...text.matchAll(/^(?:\[\s*)?,?\{/gm)].map(
    ({ index, 0: start }) => index + start.length - 1,
  );
  for (const start of starts.toReversed()) {
    const end = text.indexOf('\n}', start);
    const sample = end === -1 ? undefined : readSample(text.slice(start, end + 2));
    const busy = sample && Object.values(sample.engines).map((engine) => engine.busy);
    if (busy === undefined || busy.length === 0) continue;
    return [{ busy: Math.min(1, Math.max(0, ...busy) / 100), memoryBytes: null }];
  }
  return [];
}

function readSample(text: string): z.infer<typeof Sample> | undefined {
  try {
    return Sample.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
