import type { HostError } from '../../../../host-publisher/host-error.ts';
import { Meter } from '../../../../host-publisher/stripes/meter.ts';
import { PictureFlow } from '../../../../host-publisher/stripes/picture-flow.ts';
import type { StripesEncoder } from '../../../../host-publisher/stripes/stripes-encoder.ts';
import type { StripesTarget } from '../../../../host-publisher/stripes/stripes.ts';
import { PlainDecoder } from './plain-decoder.ts';
import { PlainRows } from './plain-rows.ts';

export const AMPLE: StripesTarget = { bitrateKbps: 1_000_000, quality: 60, fps: 30 };

/** A flow of pictures with encoders and a viewer that need no GStreamer; time is the test's. */
export class FlowStage {
  readonly meter = new Meter(Date.now());
  readonly flow: PictureFlow;
  readonly opened: PlainRows[] = [];
  readonly notices: string[] = [];
  readonly encoders: StripesEncoder[] = [];
  failed: HostError | null = null;
  viewer = new PlainDecoder();
  isFull = false;
  /** Encoders that do not open. */
  missing: StripesEncoder[] = [];
  #connection = 0;

  constructor(encoders: readonly StripesEncoder[], target: StripesTarget = AMPLE) {
    this.flow = new PictureFlow({
      encoders,
      target,
      meter: this.meter,
      nowMs: Date.now,
      openRows: (plan) => {
        if (this.missing.includes(plan.encoder)) return Promise.reject(new Error('No plugin.'));
        const rows = new PlainRows(plan);
        this.opened.push(rows);
        return Promise.resolve(rows);
      },
      way: {
        begin: () => {
          const connection = this.#connection;
          return (stripe) => {
            if (connection === this.#connection) this.viewer.take(stripe);
          };
        },
        isFull: () => this.isFull,
      },
      onEncoder: (encoder) => this.encoders.push(encoder),
      onSent: () => undefined,
      onFailed: (error) => {
        this.failed = error;
      },
      notice: (text) => this.notices.push(text),
    });
  }

  get rows(): PlainRows {
    const rows = this.opened.at(-1);
    if (rows === undefined) throw new Error('nothing is open');
    return rows;
  }

  /** Another connection, at which nothing has arrived. */
  reconnect(): void {
    this.#connection += 1;
    this.viewer = new PlainDecoder();
    this.flow.rest();
  }
}
