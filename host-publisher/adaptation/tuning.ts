import type { EncodedPicture, Fixed, Tuning } from '../../gateway/protocol/host.ts';

/** Nothing is fixed: the policy decides everything. */
export const FREE: Fixed = { bitrateKbps: null, fps: null, size: null, content: null };

/** What is fixed after a tuning: what it names is replaced, the rest stays. */
export const tune = (fixed: Fixed, tuning: Tuning): Fixed => ({ ...fixed, ...tuning });

/** Why a tuning cannot be done by a host that publishes at most this; null: it can. */
export function refuseTuning(tuning: Tuning, most: EncodedPicture): string | null {
  const { bitrateKbps = null, fps = null, size = null } = tuning;
  if (bitrateKbps !== null && bitrateKbps > most.bitrateKbps) {
    return `${bitrateKbps} kbit/s is more than this host publishes: ${most.bitrateKbps} at most.`;
  }
  if (fps !== null && fps > most.fps) {
    return `${fps} frames per second are more than this host publishes: ${most.fps} at most.`;
  }
  if (size !== null && (size.width > most.width || size.height > most.height)) {
    return `${size.width}x${size.height} is larger than this host publishes: ${most.width}x${most.height} at most.`;
  }
  return null;
}
