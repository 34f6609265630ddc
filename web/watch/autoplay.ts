/** Starts playback; `blocked`: this browser forbids its sound before a click. */
export async function play(video: HTMLVideoElement): Promise<'playing' | 'blocked'> {
  try {
    await video.play();
    return 'playing';
  } catch (cause) {
    // AbortError: a newer stream took the element over, and its own call decides.
    const isForbidden = cause instanceof DOMException && cause.name === 'NotAllowedError';
    return isForbidden && !video.muted ? 'blocked' : 'playing';
  }
}
