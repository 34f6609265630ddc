import { useEffect } from 'react';
import type { RefObject } from 'react';

const REST_MS = 3_000;

/** Marks an element `data-idle` while pointer and keys have been at rest; styles read it. */
export function useIdleMark(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const marked = element.current;
    if (marked === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wake = () => {
      marked.removeAttribute('data-idle');
      clearTimeout(timer);
      timer = setTimeout(() => marked.setAttribute('data-idle', ''), REST_MS);
    };
    const events = ['pointermove', 'pointerdown', 'keydown'] as const;
    for (const type of events) window.addEventListener(type, wake);
    wake();
    return () => {
      clearTimeout(timer);
      for (const type of events) window.removeEventListener(type, wake);
    };
  }, [element]);
}
