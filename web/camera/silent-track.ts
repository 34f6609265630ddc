/** A sound track in which nothing is heard, so that a microphone can take its place while live. */
export interface SilentTrack {
  readonly track: MediaStreamTrack;
  close(): void;
}

/** Null where the browser makes none. */
export function openSilentTrack(): SilentTrack | null {
  try {
    const context = new AudioContext();
    const [track] = context.createMediaStreamDestination().stream.getAudioTracks();
    if (track === undefined) return null;
    return { track, close: () => void context.close().catch(() => undefined) };
  } catch {
    return null;
  }
}
