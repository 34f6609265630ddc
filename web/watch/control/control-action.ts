import { decides, standingOf } from './standing.ts';
import type { ControlReading } from './standing.ts';

/** The one thing about control that is nearest at hand. */
export interface ControlAction {
  readonly wish: 'request' | 'take' | 'cancel' | 'release';
  readonly label: string;
}

/** What the main button does; null: there is nothing to do. */
export function actionOf(reading: ControlReading): ControlAction | null {
  const standing = standingOf(reading);
  switch (standing.kind) {
    case 'free':
      return { wish: 'request', label: 'Take control' };
    case 'taken':
      return decides(reading.self?.rank)
        ? { wish: 'take', label: 'Take control' }
        : { wish: 'request', label: 'Ask for control' };
    case 'waiting':
      return { wish: 'cancel', label: 'Leave the queue' };
    case 'driving':
      return { wish: 'release', label: 'Release control' };
    case 'barred':
    case 'none':
      return null;
    default:
      return standing satisfies never;
  }
}

/** What a second click into the picture would do; null: clicks mean nothing. */
export function clickPrompt(reading: ControlReading): string | null {
  const standing = standingOf(reading);
  if (standing.kind === 'free') return 'Click again to take control';
  if (standing.kind !== 'taken') return null;
  return decides(reading.self?.rank)
    ? 'Click again to take control from who has it'
    : 'Click again to ask for control';
}
