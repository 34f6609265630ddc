import { expect, it, onTestFinished } from 'vitest';
import type { HostFigures } from '../../../gateway/protocol/host.ts';
import { startEngine } from '../../bench/media-server.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { MediaPublication } from '../../support/host/media-publication.ts';
import { waitFor } from '../../support/wait-for.ts';

it('[FIG-10] a host that publishes by WebRTC tells how long encoding takes', async () => {
  const engine = await startEngine();
  onTestFinished(() => engine.close());
  const figures: HostFigures[] = [];
  const publication = await MediaPublication.open({
    plan: aPlan(),
    url: `${engine.apiUrl}/rtc/v1/whip/?app=live&stream=encode-time`,
    onFigures: (told) => void figures.push(told),
  });
  onTestFinished(() => publication.close());
  const told = await waitFor(() => figures.find(({ encodeMs }) => encodeMs !== null), {
    timeoutMs: 20_000,
    what: 'figures with encode time',
  });
  expect(told.encodeMs).toBeGreaterThan(0);
  expect(told.framesPerSecond).toBeGreaterThan(0);
});
