import { useEffect } from 'react';
import type { Player } from './player.ts';

/** What the keys of a watch page do. */
export interface PlayerKeys {
  readonly player: Player;
  readonly toggleFigures: () => void;
  readonly askForControl: () => void;
  /** False while keys are meant for the host. */
  readonly enabled: boolean;
}

/**
 * `f` full screen, `m` mute, `p` picture-in-picture, `i` figures, `c` control, space pause: wherever
 * the focus is, except that a focused control keeps its own keys.
 */
export function usePlayerKeys({ player, toggleFigures, askForControl, enabled }: PlayerKeys): void {
  useEffect(() => {
    if (!enabled) return;
    const handleKey = (event: KeyboardEvent) => {
      if (takesText(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const act = actionOf(event, { player, toggleFigures, askForControl });
      if (act === null) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', handleKey);
    return () => window.removeEventListener('keydown', handleKey);
  }, [player, toggleFigures, askForControl, enabled]);
}

function takesText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement)
    return target.type !== 'range' && target.type !== 'checkbox';
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

function actionOf(
  { key, target }: KeyboardEvent,
  { player, toggleFigures, askForControl }: Omit<PlayerKeys, 'enabled'>,
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
    case 'c':
      return askForControl;
    case ' ':
      return isPressed(target) ? null : () => player.togglePause();
    default:
      return null;
  }
}

/** Space is its own key there. */
const isPressed = (target: EventTarget | null): boolean =>
  target instanceof HTMLButtonElement ||
  (target instanceof HTMLInputElement && target.type === 'checkbox');
