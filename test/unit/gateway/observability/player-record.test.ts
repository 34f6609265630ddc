import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { recordPlayers } from '../../../../gateway/observability/player-record.ts';
import type { PlayerReport } from '../../../../gateway/protocol/viewer.ts';

const WITHOUT_CLOCK: PlayerReport = {
  loss: 0.02,
  jitterMs: 4,
  framesReceived: 60,
  framesDecoded: 58,
  framesDropped: 2,
  decodeMs: 6,
  freezes: 1,
  freezeMs: 400,
};
const REPORT: PlayerReport = { ...WITHOUT_CLOCK, latencyMs: 41 };

async function pageAfter(...reports: PlayerReport[]): Promise<string> {
  const registry = new Registry();
  const record = recordPlayers(registry);
  for (const report of reports) record(report, 'webrtc');
  return await registry.metrics();
}

test('[FIG-01] sums what players tell, by the way their media came', async () => {
  const page = await pageAfter(REPORT, REPORT);
  for (const line of [
    'pixelcast_player_reports_total{transport="webrtc"} 2',
    'pixelcast_player_freezes_total{transport="webrtc"} 2',
    'pixelcast_player_freeze_seconds_total{transport="webrtc"} 0.8',
    'pixelcast_player_frames_total{transport="webrtc",what="decoded"} 116',
    'pixelcast_player_frames_total{transport="webrtc",what="dropped"} 4',
    'pixelcast_player_glass_to_glass_seconds_bucket{le="0.03",transport="webrtc"} 0',
    'pixelcast_player_glass_to_glass_seconds_bucket{le="0.045",transport="webrtc"} 2',
    'pixelcast_player_loss_ratio_bucket{le="0.01",transport="webrtc"} 0',
    'pixelcast_player_loss_ratio_bucket{le="0.02",transport="webrtc"} 2',
  ]) {
    expect(page).toContain(line);
  }
});

test('[FIG-01] what a player does not know is not counted as nothing', async () => {
  const page = await pageAfter({ ...WITHOUT_CLOCK, framesDecoded: 0, decodeMs: 0 });
  expect(page).not.toContain('glass_to_glass_seconds_count{');
  expect(page).not.toContain('decode_seconds_count{');
});
