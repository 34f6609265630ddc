import type { AudienceReport } from '../../../gateway/protocol/host.ts';

/** Four content viewers. */
export const aReport = (more: Partial<AudienceReport> = {}): AudienceReport => ({
  viewers: 4,
  reporting: 4,
  lossMedian: 0,
  lossUpper: 0,
  jitterMedianMs: 5,
  decodeMedianMs: 3,
  freezing: 0,
  losing: 0,
  overloaded: 0,
  ...more,
});
