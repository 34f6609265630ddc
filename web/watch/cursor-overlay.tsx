import { useEffect, useRef } from 'react';
import type { ViewerSocket } from '../core/viewer-socket.ts';
import { CursorPainter } from './cursor-painter.ts';
import type { Player } from './player.ts';

/** The host's cursor over the picture; it takes no clicks, and no words for screen readers. */
export function CursorOverlay({
  player,
  socket,
}: {
  readonly player: Player;
  readonly socket: ViewerSocket;
}) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    if (image.current === null) return;
    const painter = new CursorPainter({
      image: image.current,
      player,
      shape: socket.cursorShape,
      position: socket.cursorPosition,
    });
    return () => painter.close();
  }, [player, socket]);
  return (
    <img ref={image} className="cursor" alt="" aria-hidden="true" hidden data-testid="cursor" />
  );
}
