interface Processor<T> {
  readonly readable: ReadableStream<T>;
}

interface ProcessorScope {
  readonly MediaStreamTrackProcessor?: new <T>(init: {
    readonly track: MediaStreamTrack;
  }) => Processor<T>;
}

/** Whether pages or workers, whichever asks, get the pieces of a track here. */
export function processesTracks(): boolean {
  return (globalThis as ProcessorScope).MediaStreamTrackProcessor !== undefined;
}

/** What a track captures, piece by piece; null where this browser, or this place in it, cannot tell. */
export function piecesOf<T extends VideoFrame | AudioData>(
  track: MediaStreamTrack,
): ReadableStream<T> | null {
  const { MediaStreamTrackProcessor } = globalThis as ProcessorScope;
  if (MediaStreamTrackProcessor === undefined) return null;
  try {
    return new MediaStreamTrackProcessor<T>({ track }).readable;
  } catch {
    // Safari: pictures only.
    return null;
  }
}
