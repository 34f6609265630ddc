import type { ControlRefusal } from '../protocol/control.ts';
import { isOwner, type ControlState, type ViewerKey } from './state.ts';

/** Why a viewer may not hold control now; null when it may. */
export function refusalOf(state: ControlState, viewer: ViewerKey): ControlRefusal | null {
  const rank = state.present.get(viewer);
  const { mode, ownerPresent } = state.policy;
  if (rank === undefined) return 'not-present';
  if (mode === 'view-only') return 'view-only';
  if (rank === 'watcher') return 'no-right';
  if (isOwner(rank)) return null;
  if (mode === 'locked') return 'locked';
  const watched = [...state.present.values()].some(isOwner);
  return ownerPresent && !watched ? 'no-owner' : null;
}

export const mayHold = (state: ControlState, viewer: ViewerKey): boolean =>
  refusalOf(state, viewer) === null;
