import { useSyncExternalStore } from 'react';
import { useConsole } from './console-context.ts';

/** Whether the page can be seen. */
export function usePageVisible(): boolean {
  const { port } = useConsole();
  return useSyncExternalStore(port.onVisibilityChange, port.isPageVisible);
}
