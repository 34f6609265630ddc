import { useEffect } from 'react';
import type { Player } from './player.ts';

/**
 * `f` full screen, `m` mute, `p` picture-in-picture, `i` figures, space pause: wherever the focus
 * is, except that a focused control keeps its own keys.
 */
export function usePlayerKeys(player: Player, toggleFigures: () => void): void {
  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLSelectElement) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const act = actionOf(event, player, toggleFigures);
      if (act === null) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', handleKey);
    return () => window.removeEventListener('keydown', handleKey);
  }, [player, toggleFigures]);
}

function actionOf(
  { key, target }: KeyboardEvent,
  player: Player,
  toggleFigures: () => void,
): (() => void) | null {
  switch (key.toLowerCase()) {
    case 'f':
      return () => player.toggleFullScreen();
    case 'm':
      return () => player.toggleMute();
    case 'p':
      return () => player.togglePictureInPicture();
    case 'i':
      return toggleFigures;
    case ' ':
      return target instanceof HTMLButtonElement ? null : () => player.togglePause();
    default:
      return null;
  }
}
