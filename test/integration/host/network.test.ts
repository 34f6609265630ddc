import { describe, expect, it, onTestFinished } from 'vitest';
import { Agent } from '../../../host-publisher/agent.ts';
import type { HostFigures } from '../../../gateway/protocol/host.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { openEngineGateway } from '../../support/gateway/engine-gateway.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { RelayedGateway } from '../../support/host/relayed-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

const MOST_KBPS = 1_500;

/** Publishes a pattern with much detail through a network that is perfect at first. */
const publish = async () => {
  const gateway = await openEngineGateway();
  const relayed = await RelayedGateway.open(gateway.url);
  const figures: HostFigures[] = [];
  const lines: string[] = [];
  const agent = new Agent({
    plan: aPlan({
      source: 'test',
      picture: { width: 640, height: 360, fps: 30, bitrateKbps: MOST_KBPS },
    }),
    endpoint: { url: `${relayed.url}/whip/demo`, token: () => aToken() },
    say: (line) => void lines.push(line),
    onFigures: (one) => void figures.push(one),
  });
  const ended = agent.run();
  ended.catch(() => undefined);
  onTestFinished(async () => {
    agent.stop();
    await ended;
  });
  const seen = (what: string, is: (last: HostFigures) => boolean, timeoutMs: number) =>
    waitFor(
      () => {
        const last = figures.at(-1);
        return last !== undefined && is(last) && last;
      },
      { timeoutMs, what: `${what}; seen: ${JSON.stringify(figures.at(-1))} ${lines.join(' ')}` },
    );
  await seen('feedback', ({ arrivedKbps }) => arrivedKbps !== null, 15_000);
  return { relay: relayed.relay, figures, seen };
};

describe('a publication over a network', () => {
  it('that loses packets repairs them', async () => {
    const { relay, seen } = await publish();
    relay.setToTarget({ lossRatio: 0.05 });
    const { targetKbps } = await seen('twenty repairs', ({ resent }) => resent >= 20, 15_000);
    expect(targetKbps).toBeGreaterThan(MOST_KBPS / 4);
  }, 40_000);

  it('that narrows is down within seconds, and up again once it is wide', async () => {
    const { relay, seen } = await publish();
    relay.setToTarget({ bitsPerSecond: 500_000 });
    await seen('a rate that fits', ({ targetKbps }) => targetKbps < 500, 6_000);
    await seen('a short queue', ({ queueMs }) => queueMs !== null && queueMs < 80, 10_000);
    relay.setToTarget({});
    await seen('the full rate', ({ targetKbps }) => targetKbps === MOST_KBPS, 25_000);
  }, 80_000);
});
