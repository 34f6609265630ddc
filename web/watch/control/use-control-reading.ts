import { useObservable } from '../../ui/use-observable.ts';
import type { ControlBoard } from './control-board.ts';
import { standingOf } from './standing.ts';
import type { ControlReading, Standing } from './standing.ts';

/** What is known of control, and how this viewer stands to it. */
export function useControlReading(board: ControlBoard): {
  readonly reading: ControlReading;
  readonly standing: Standing;
} {
  const reading = useObservable(board.reading);
  return { reading, standing: standingOf(reading) };
}
