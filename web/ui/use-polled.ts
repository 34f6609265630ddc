import { useEffect, useState } from 'react';

/**
 * The last result of `read`, asked every `intervalMs` while the page can be seen. `read` must keep
 * its identity between renders; null switches the polling off and forgets the result.
 */
export function usePolled<T>(read: (() => Promise<T>) | null, intervalMs: number): T | null {
  const [result, setResult] = useState<{ readonly of: unknown; readonly value: T } | null>(null);
  useEffect(() => {
    if (read === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const poll = async () => {
      if (document.visibilityState === 'visible') {
        const value = await read();
        if (ended) return;
        setResult({ of: read, value });
      }
      timer = setTimeout(() => void poll(), intervalMs);
    };
    void poll();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [read, intervalMs]);
  return result !== null && result.of === read ? result.value : null;
}
