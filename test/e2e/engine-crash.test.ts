import { expect, test } from 'vitest';
import { waitForMovingPicture } from '../support/browser/picture.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { Theatre, waitForState } from './theatre.ts';

const VIDEO = '[data-testid="video"]';

test('[E2E-11] the engine is killed while viewers watch: signalling stays up, all are back by themselves', async (ctx) => {
  const missing = GatewayProcess.whyNoOwnEngine;
  if (missing !== null) ctx.skip(missing);
  const theatre = await Theatre.open();
  try {
    const room = theatre.newRoom();
    const share = await theatre.share(room);
    const viewers = [await theatre.watch(room), await theatre.watch(room)];
    for (const viewer of viewers) {
      await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 30_000 });
    }

    const { gateway } = theatre;
    const killed = gateway.enginePid();
    process.kill(killed, 'SIGKILL');
    const health = await fetch(`${gateway.url}/healthz`);
    expect(health.status).toBe(200);
    await waitFor(() => gateway.enginePid() !== killed, { what: 'a new engine process' });
    await waitFor(async () => (await fetch(`${gateway.url}/readyz`)).status === 200, {
      timeoutMs: 20_000,
      what: 'the gateway to be ready again',
    });
    for (const page of [share, ...viewers]) await waitForState(page, 'live', 30_000);
    for (const viewer of viewers) {
      await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 15_000 });
    }
  } finally {
    await theatre.close();
  }
});
