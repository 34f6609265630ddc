import { chromiumOffer } from './chromium-offer.ts';
import { SignallingClient } from './signalling-client.ts';
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

/**
 * Milliseconds from a viewer's WHEP request until an idle host says that its first packet went out, n
 * times; the viewer leaves at once, and the host rests before the next one comes.
 */
export async function measureDemands(
  stage: LatencyStage,
  options: {
    readonly n: number;
    readonly picture: WantedPicture;
    readonly argv: readonly string[];
  },
): Promise<number[]> {
  const { n, picture, argv } = options;
  const room = stage.newRoom();
  const token = stage.gateway.mint(room, ['watch'], 'viewer');
  const signalling = new SignallingClient({ keepAlive: false });
  const settings = { CS_ON_DEMAND: 'on', CS_ON_DEMAND_GRACE: '0' };
  const host = startHost(stage, { room, picture, argv, settings });
  const said = (words: string): number => host.output.split(words).length - 1;
  const until = (words: string, times: number): Promise<boolean> =>
    waitFor(() => said(words) >= times, {
      timeoutMs: 15_000,
      everyMs: POLL_MS,
      what: `"${words}", ${times} times`,
    });
  const times: number[] = [];
  try {
    for (let start = 1; start <= n; start += 1) {
      await until('Nobody watches', start);
      const startedAt = performance.now();
      const viewer = signalling.post(
        `${stage.gateway.url}/whep/${room}`,
        chromiumOffer('watch'),
        token,
      );
      await until('Publishing ', start);
      times.push(performance.now() - startedAt);
      await signalling.delete((await viewer).location);
    }
  } finally {
    signalling.close();
    await host.close();
  }
  return times;
}
