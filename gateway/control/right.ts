import type { ControlRefusal, Rank } from '../protocol/control.ts';
import { isOwner, rankOf, type ControlState, type ViewerKey } from './state.ts';

/** Why a viewer may not get control now; null when it may. */
export function refusalOf(state: ControlState, viewer: ViewerKey): ControlRefusal | null {
  const rank = state.present.get(viewer);
  return rank === undefined ? 'not-present' : refusalOfRank(state, rank);
}

export const mayHold = (state: ControlState, viewer: ViewerKey): boolean =>
  refusalOf(state, viewer) === null;

/** Whether a viewer may go on holding control or waiting for it, though its socket is lost. */
export function mayKeep(state: ControlState, viewer: ViewerKey): boolean {
  const rank = rankOf(state, viewer);
  return rank !== undefined && refusalOfRank(state, rank) === null;
}

function refusalOfRank(state: ControlState, rank: Rank): ControlRefusal | null {
  const { mode, ownerPresent } = state.policy;
  if (mode === 'view-only') return 'view-only';
  if (rank === 'watcher') return 'no-right';
  if (isOwner(rank)) return null;
  if (mode === 'locked') return 'locked';
  return ownerPresent && !hasOwner(state) ? 'no-owner' : null;
}

/** An owner whose socket was lost just now is still there. */
const hasOwner = ({ present, absent }: ControlState): boolean =>
  [...present.values()].some(isOwner) || [...absent.values()].some(({ rank }) => isOwner(rank));
