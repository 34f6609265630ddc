import type { DirectFigures } from '../../gateway/protocol/host.ts';
import type { PathObservation } from '../publish/path-estimate.ts';
import type { DirectClients } from './direct-clients.ts';

/** Makes the figures of one second from what was counted and seen since the ones before. */
export class DirectFigureBook {
  #frames = 0;
  #octets = 0;
  #seen: PathObservation = { by: 'reports', loss: null, rembKbps: null };

  /** Counts the pictures of an RTP stream by their last packets. */
  count(packet: Buffer): void {
    if (((packet[1] ?? 0) & 0x80) !== 0) this.#frames += 1;
  }

  /** Keeps what was seen of the path, and gives it back. */
  saw(seen: PathObservation): PathObservation {
    this.#seen = seen;
    return seen;
  }

  /** Asked once a second. */
  take(
    { connected, totals }: Pick<DirectClients, 'connected' | 'totals'>,
    keyframes: number,
    targetKbps: number,
  ): DirectFigures {
    const { octets, resent, keyframeRequests, rttMs } = totals;
    const figures: DirectFigures = {
      clients: connected,
      targetKbps,
      sentKbps: Math.round(((octets - this.#octets) * 8) / 1000),
      framesPerSecond: this.#frames,
      queueMs: this.#seen.by === 'transport' ? rounded(this.#seen.queueMs) : null,
      loss: this.#seen.loss,
      rttMs: rounded(rttMs),
      ...{ resent, keyframeRequests, keyframes },
    };
    [this.#frames, this.#octets] = [0, octets];
    return figures;
  }
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
