import type { ViewerSocket } from '../../core/viewer-socket.ts';

/** A window that is being dragged changes with every frame. */
const SETTLE_MS = 150;

/**
 * Asks the host for a screen as large as an element, now and whenever that changes, until the
 * returned function is called.
 */
export function followViewport(socket: ViewerSocket, element: HTMLElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    const width = Math.round(element.clientWidth);
    const height = Math.round(element.clientHeight);
    if (width < 1 || height < 1) return;
    const scale = Math.min(8, Math.max(0.25, devicePixelRatio));
    socket.send({ type: 'viewport', size: { width, height, scale } });
  };
  const resizes = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(ask, SETTLE_MS);
  });
  resizes.observe(element);
  return () => {
    clearTimeout(timer);
    resizes.disconnect();
    socket.send({ type: 'viewport', size: null });
  };
}
