/**
 * Starts playback with sound; where the browser forbids that before a click, without. Returns
 * whether sound had to be given up.
 */
export async function playWithSoundIfAllowed(video: HTMLVideoElement): Promise<'sound' | 'muted'> {
  try {
    await video.play();
    return 'sound';
  } catch (cause) {
    // AbortError: a newer stream took the element over, and its own call decides.
    if (!(cause instanceof DOMException) || cause.name !== 'NotAllowedError') return 'sound';
    video.muted = true;
    await video.play().catch(() => undefined);
    return 'muted';
  }
}
