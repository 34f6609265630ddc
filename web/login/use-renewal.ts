import { useEffect, useRef } from 'react';

/** Asks for another token when the page's own has run out, where somebody can give one, and goes on with it. */
export function useRenewal(
  problem: string | undefined,
  renew: (() => Promise<boolean>) | undefined,
  goOn?: () => void,
): void {
  const next = useRef(goOn);
  useEffect(() => {
    next.current = goOn;
  });
  useEffect(() => {
    if (problem !== 'token-expired') return;
    void renew?.().then((renewed) => {
      if (renewed) next.current?.();
    });
  }, [problem, renew]);
}
