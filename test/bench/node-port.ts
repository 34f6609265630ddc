import type { BrowserPort } from '../../web/core/browser-port.ts';

const absent = (): never => {
  throw new Error('This process has no such thing.');
};

/** What the clients of pages need, in a process without a browser: sockets, and storage of its own. */
export function aNodePort(): BrowserPort {
  const stored = new Map<string, string>();
  return {
    fetch: (url, init) => fetch(url, init),
    createPeerConnection: absent,
    videoCodecs: () => [],
    random: () => Math.random(),
    openEventSource: absent,
    openWebSocket: (url, protocols) => new WebSocket(url, [...protocols]),
    isPageVisible: () => true,
    onVisibilityChange: () => () => undefined,
    takePlace: () => Promise.resolve(() => undefined),
    onWindowEvent: () => () => undefined,
    readStored: (where, key) => stored.get(`${where} ${key}`) ?? null,
    store: (where, key, value) => {
      if (value === null) stored.delete(`${where} ${key}`);
      else stored.set(`${where} ${key}`, value);
    },
    onConnectionChange: () => () => undefined,
  };
}
