/** What the clients need of a browser; tests hand in a fake. */
export interface BrowserPort {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly createPeerConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** What this browser can encode, in its own order of preference. */
  readonly videoCodecs: () => readonly RTCRtpCodec[];
  /** 0 up to but not including 1. */
  readonly random: () => number;
  /** Calls `listener` on a window event until the returned function is called. */
  readonly onWindowEvent: (type: 'pagehide' | 'online', listener: () => void) => () => void;
}

/** The real browser; nothing of the DOM is touched before a member is called. */
export function createBrowserPort(): BrowserPort {
  return {
    fetch: (url, init) => fetch(url, init),
    createPeerConnection: (configuration) => new RTCPeerConnection(configuration),
    videoCodecs: () => RTCRtpSender.getCapabilities('video')?.codecs ?? [],
    random: () => Math.random(),
    onWindowEvent: (type, listener) => {
      window.addEventListener(type, listener);
      return () => window.removeEventListener(type, listener);
    },
  };
}
