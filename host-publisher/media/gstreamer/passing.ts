import { FORMAT_TIME, type Gst, type Pointer } from './native.ts';
import type { Pipeline } from './pipeline.ts';

/** A buffer on its way from one pipeline into others; good until the function that it is given to returns. */
export interface PassingBuffer {
  readonly buffer: Pointer;
  readonly caps: Pointer;
  /** Since its pipeline plays, on the clock of {@link Pipeline.runningTimeNs}. */
  readonly timeNs: bigint;
  readonly durationNs: bigint;
  readonly bytes: number;
}

/** Shows what arrives at an appsink with `emit-signals`; the streaming thread waits meanwhile. */
export function watchPassing(
  gst: Gst,
  pipeline: Pipeline,
  sink: string,
  take: (passing: PassingBuffer) => void,
): void {
  pipeline.onSample(sink, (sample) => {
    const [buffer, caps] = [gst.sampleBuffer(sample), gst.sampleCaps(sample)];
    if (buffer === null || caps === null) return;
    const { ptsNs, durationNs } = gst.bufferTimes(buffer);
    const timeNs = BigInt(gst.segmentRunningTime(gst.sampleSegment(sample), FORMAT_TIME, ptsNs));
    take({ buffer, caps, timeNs, durationNs, bytes: Number(gst.bufferSize(buffer)) });
  });
}

/** Hands it to an appsrc of another pipeline without a copy of what is in it; false: that takes no more. */
export function passOn(
  gst: Gst,
  pipeline: Pipeline,
  source: string,
  { buffer, caps, timeNs, durationNs }: PassingBuffer,
): boolean {
  // Memory is shared with the original; times are the copy's own.
  const copy = gst.copyMini(buffer);
  pipeline.setSourceCaps(source, caps);
  return pipeline.pass(source, { pointer: copy, durationNs }, timeNs);
}

/** Copies what is in it. */
export function readPassing(gst: Gst, { buffer, bytes }: PassingBuffer, into: Buffer): void {
  gst.bufferExtract(buffer, 0, into, Math.min(bytes, into.length));
}
