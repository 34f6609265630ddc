/** What an engine needs of its thread; tests hand in a fake. */
export interface EnginePort {
  readonly openWebSocket: (url: string, protocols: readonly string[]) => WebSocket;
  /** 0 up to but not including 1. */
  readonly random: () => number;
  /** Milliseconds since 1970 that only grow. */
  readonly now: () => number;
  /** Calls back when what was painted is shown; soon also where nothing is shown. */
  readonly onceShown: (listener: () => void) => void;
}

/** A hidden page shows nothing, and its workers are not told of frames. */
const SHOWN_ANYHOW_MS = 250;

/** The real one, in a worker and in a page. */
export function createEnginePort(): EnginePort {
  return {
    openWebSocket: (url, protocols) => new WebSocket(url, [...protocols]),
    random: () => Math.random(),
    now: () => performance.timeOrigin + performance.now(),
    onceShown,
  };
}

function onceShown(listener: () => void): void {
  let isTold = false;
  const tell = (): void => {
    if (isTold) return;
    isTold = true;
    clearTimeout(timer);
    listener();
  };
  const timer = setTimeout(tell, SHOWN_ANYHOW_MS);
  // Some browsers draw in workers and tell them of no frames.
  if ('requestAnimationFrame' in globalThis) requestAnimationFrame(tell);
}
