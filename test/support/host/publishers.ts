import { spawnSync } from 'node:child_process';
import { mediaEnvironment } from '../../../host-publisher/environment.ts';
import type { PublisherName } from '../../../host-publisher/media/plan.ts';

/** What this machine lacks for a way of publishing, and how to get it; null: nothing. */
export function lackOf(publisher: PublisherName): string | null {
  if (publisher === 'native') return null;
  const missing = [publisher, 'webrtcbin', 'nicesink', 'dtlsenc', 'srtpenc'].filter(
    (element) =>
      spawnSync('gst-inspect-1.0', [element], { env: { ...mediaEnvironment() }, stdio: 'ignore' })
        .status !== 0,
  );
  return missing.length === 0 ? null : `missing: ${missing.join(', ')}; npm run setup:whipsink`;
}
