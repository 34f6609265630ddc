import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { ViewerSocket } from '../core/viewer-socket.ts';
import { CursorPainter } from './cursor-painter.ts';

/** The host's cursor over the picture; it takes no clicks, and no words for screen readers. */
export function CursorOverlay({
  video,
  socket,
}: {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly socket: ViewerSocket;
}) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    if (image.current === null || video.current === null) return;
    const painter = new CursorPainter({
      image: image.current,
      video: video.current,
      shape: socket.cursorShape,
      position: socket.cursorPosition,
    });
    return () => painter.close();
  }, [video, socket]);
  return (
    <img ref={image} className="cursor" alt="" aria-hidden="true" hidden data-testid="cursor" />
  );
}
