import { waitFor } from '../support/wait-for.ts';
import { startHost, type WantedPicture } from './latency-sources.ts';
import type { LatencyStage } from './latency-stage.ts';

const POLL_MS = 2;

/** Milliseconds from the spawn of the agent until it says that its first packet went out, n times. */
export async function measureStarts(
  stage: LatencyStage,
  options: {
    readonly n: number;
    readonly picture: WantedPicture;
    readonly argv: readonly string[];
  },
): Promise<number[]> {
  const { n, picture, argv } = options;
  const times: number[] = [];
  for (let start = 0; start < n; start += 1) {
    const startedAt = performance.now();
    const host = startHost(stage, { room: stage.newRoom(), picture, argv });
    try {
      await waitFor(() => host.output.includes('Publishing '), {
        timeoutMs: 15_000,
        everyMs: POLL_MS,
        what: 'a host to publish',
      });
      times.push(performance.now() - startedAt);
    } finally {
      await host.close();
    }
  }
  return times;
}
