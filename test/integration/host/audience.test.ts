import { expect, it, onTestFinished } from 'vitest';
import type { EncodedPicture, HostFigures } from '../../../gateway/protocol/host.ts';
import { startEngine } from '../../bench/media-server.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { aReport } from '../../support/host/a-report.ts';
import { MediaPublication } from '../../support/host/media-publication.ts';
import { waitFor } from '../../support/wait-for.ts';

const MOST = { width: 640, height: 360, fps: 30, bitrateKbps: 1_500 };

it('sends less when half of the viewers lose packets, and an easier picture when they decode slowly', async () => {
  const engine = await startEngine();
  onTestFinished(() => engine.close());
  const seen: { picture: EncodedPicture | null; figures: HostFigures | null } = {
    picture: null,
    figures: null,
  };
  const host = await MediaPublication.open({
    plan: aPlan({ source: 'test', picture: MOST }),
    url: `${engine.apiUrl}/rtc/v1/whip/?app=demo&stream=main`,
    relayPort: engine.mediaPort,
    onPicture: (picture) => void (seen.picture = picture),
    onFigures: (figures) => void (seen.figures = figures),
  });
  onTestFinished(() => host.close());
  const until = (what: string, is: () => boolean) => waitFor(is, { timeoutMs: 10_000, what });
  await until('the whole rate', () => (seen.figures?.sentKbps ?? 0) > 1_000);

  host.send({ type: 'audience', report: aReport({ losing: 0.4, lossMedian: 0.01 }) });
  host.send({ type: 'audience', report: aReport({ losing: 0.5, lossMedian: 0.6 }) });
  await until('600 kbit/s', () => seen.picture?.bitrateKbps === 600);
  await until('fewer bytes', () => (seen.figures?.sentKbps ?? 1_000) < 750);
  expect(seen.picture).toMatchObject({ width: 640, height: 360, fps: 30 });

  host.send({ type: 'audience', report: aReport({ overloaded: 1 }) });
  await until('a smaller picture', () => seen.picture?.height === 270);
  expect(seen.picture?.bitrateKbps).toBeGreaterThanOrEqual(600);
}, 60_000);
