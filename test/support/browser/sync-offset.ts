import type { Page } from 'playwright-core';

/**
 * How much later the sound is played than the picture of the same moment, in milliseconds: the
 * median of what the browser's own figures say (`estimatedPlayoutTimestamp`, by sender reports).
 */
export function readSyncOffset(
  page: Page,
  { readings = 15, timeoutMs = 20_000 }: { readings?: number; timeoutMs?: number } = {},
): Promise<number> {
  return page.evaluate(
    async ([count, limitMs]) => {
      const offsets: number[] = [];
      const endAt = performance.now() + limitMs;
      while (offsets.length < count && performance.now() < endAt) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        const playedAt: Record<string, number | undefined> = {};
        for (const peer of window.testPeers ?? []) {
          for (const entry of (
            await peer.getStats()
          ).values() as Iterable<RTCInboundRtpStreamStats>) {
            if (entry.type === 'inbound-rtp')
              playedAt[entry.kind] = entry.estimatedPlayoutTimestamp;
          }
        }
        const { audio, video } = playedAt;
        if (audio !== undefined && video !== undefined) offsets.push(video - audio);
      }
      const middle = offsets.sort((one, other) => one - other)[Math.floor(count / 2)];
      if (offsets.length < count || middle === undefined) {
        throw new Error(`${offsets.length} readings of both streams in ${limitMs} ms`);
      }
      return middle;
    },
    [readings, timeoutMs] as const,
  );
}
