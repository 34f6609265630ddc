import { useEffect, useState } from 'react';

/** Whole seconds left until an instant, counting down; null without one. */
export function useSecondsUntil(atMs: number | null): number | null {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (atMs === null) return;
    const tick = () => setNowMs(Date.now());
    const first = setTimeout(tick, 0);
    const timer = setInterval(tick, 250);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [atMs]);
  return atMs === null ? null : Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}
