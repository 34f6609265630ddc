/** What the clients need of a browser; tests hand in a fake. */
export interface BrowserPort {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly createPeerConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** What this browser can encode, in its own order of preference. */
  readonly videoCodecs: () => readonly RTCRtpCodec[];
  /** 0 up to but not including 1. */
  readonly random: () => number;
  readonly openEventSource: (url: string) => EventSource;
  readonly openWebSocket: (url: string, protocols: readonly string[]) => WebSocket;
  /** False for a page behind others, which browsers slow down. */
  readonly isPageVisible: () => boolean;
  /** Calls `listener` when that changed, until the returned function is called. */
  readonly onVisibilityChange: (listener: () => void) => () => void;
  /**
   * Takes a place that one tab of this origin can have at a time, until the returned function is
   * called or the tab is gone; null when it is taken, or when this browser cannot tell.
   */
  readonly takePlace: (name: string) => Promise<(() => void) | null>;
  /** Calls `listener` on a window event until the returned function is called. */
  readonly onWindowEvent: (
    type: 'pagehide' | 'pageshow' | 'online',
    listener: () => void,
  ) => () => void;
  /** What was stored for this tab or this origin; null where nothing is, or nothing may be. */
  readonly readStored: (where: StorageKind, key: string) => string | null;
  /** Stores for this tab or this origin, null: forgets; without effect where nothing may be stored. */
  readonly store: (where: StorageKind, key: string, value: string | null) => void;
  /**
   * Calls `listener` when this machine's network connection changed, until the returned function is
   * called; never in browsers that cannot tell.
   */
  readonly onConnectionChange: (listener: () => void) => () => void;
}

/** For this tab, or for all of this origin. */
export type StorageKind = 'session' | 'local';

/** Chromium's Network Information, which TypeScript's DOM does not know. */
interface NetworkAwareNavigator extends Navigator {
  readonly connection?: EventTarget;
}

/** The real browser; nothing of the DOM is touched before a member is called. */
export function createBrowserPort(): BrowserPort {
  return {
    fetch: (url, init) => fetch(url, init),
    createPeerConnection: (configuration) => new RTCPeerConnection(configuration),
    videoCodecs: () => RTCRtpSender.getCapabilities('video')?.codecs ?? [],
    random: () => Math.random(),
    openEventSource: (url) => new EventSource(url),
    openWebSocket: (url, protocols) => new WebSocket(url, [...protocols]),
    isPageVisible: () => document.visibilityState === 'visible',
    onVisibilityChange: (listener) => {
      document.addEventListener('visibilitychange', listener);
      return () => document.removeEventListener('visibilitychange', listener);
    },
    takePlace,
    onWindowEvent: (type, listener) => {
      window.addEventListener(type, listener);
      return () => window.removeEventListener(type, listener);
    },
    readStored: (where, key) => {
      try {
        return storageOf(where).getItem(key);
      } catch {
        return null;
      }
    },
    store: (where, key, value) => {
      try {
        if (value === null) storageOf(where).removeItem(key);
        else storageOf(where).setItem(key, value);
      } catch {
        // Sandboxed frames and full disks: the page does without.
      }
    },
    onConnectionChange: (listener) => {
      const { connection } = navigator as NetworkAwareNavigator;
      connection?.addEventListener('change', listener);
      return () => connection?.removeEventListener('change', listener);
    },
  };
}

/** Throws where pages may store nothing. */
const storageOf = (where: StorageKind): Storage =>
  where === 'session' ? sessionStorage : localStorage;

/** Web Locks exist in secure contexts only, against their type. */
async function takePlace(name: string): Promise<(() => void) | null> {
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) return null;
  const { promise, resolve, reject } = Promise.withResolvers<(() => void) | null>();
  locks
    .request(name, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        resolve(null);
        return undefined;
      }
      return new Promise<void>((release) => resolve(() => release()));
    })
    .catch(reject);
  return await promise;
}
