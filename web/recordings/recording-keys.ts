import { useEffect } from 'react';
import type { RefObject } from 'react';
import { RATES } from '../core/recordings/recording-player.ts';
import type { RecordingPlayer } from '../core/recordings/recording-player.ts';
import { toggleFullscreen } from './recording-controls.tsx';

/** Keys of the page: k or space, j, l, arrows, comma and point for parts, < and > for speed, m, f. */
export function useRecordingKeys(
  player: RecordingPlayer,
  stage: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return;
      const act = actOf(event.key, player, stage);
      if (act === null) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [player, stage]);
}

function actOf(
  key: string,
  player: RecordingPlayer,
  stage: RefObject<HTMLElement | null>,
): (() => void) | null {
  switch (key) {
    case 'k':
    case ' ':
      return () => player.toggle();
    case 'j':
      return () => player.seekBy(-10_000);
    case 'l':
      return () => player.seekBy(10_000);
    case 'ArrowLeft':
      return () => player.seekBy(-5_000);
    case 'ArrowRight':
      return () => player.seekBy(5_000);
    case ',':
      return () => player.step(-1);
    case '.':
      return () => player.step(1);
    case '<':
      return () => player.setRate(nextRate(player.state.value.rate, -1));
    case '>':
      return () => player.setRate(nextRate(player.state.value.rate, 1));
    case 'm':
      return () => player.toggleMute();
    case 'f':
      return () => toggleFullscreen(stage.current);
    default:
      return null;
  }
}

function nextRate(rate: number, by: 1 | -1): number {
  const next = by === 1 ? RATES.find((each) => each > rate) : RATES.findLast((each) => each < rate);
  return next ?? rate;
}

/** Fields, buttons and sliders have keys of their own. */
const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element &&
  target.closest('input, select, textarea, button, a, dialog') !== null;
