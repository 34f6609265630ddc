import type { ControlState, Rank, ViewerId } from '../../../gateway/protocol/control.ts';
import { driversOf } from './standing.ts';

/** Somebody in the room as the API tells of them. */
export interface PresentPerson {
  readonly viewer: ViewerId;
  readonly name: string;
  readonly rank: Rank;
}

/** One line of the list of people. */
export interface PersonRow {
  readonly viewer: ViewerId;
  readonly name: string;
  /** Null: known by what it does alone. */
  readonly rank: Rank | null;
  readonly isDriving: boolean;
  /** From 1; null: does not wait. */
  readonly place: number | null;
  readonly hasHandUp: boolean;
  readonly isSelf: boolean;
}

/** Everybody, those first who matter: who drives, who waits in order, raised hands, the rest. */
export function peopleRows(
  state: ControlState,
  present: readonly PresentPerson[],
  self: string | undefined,
): readonly PersonRow[] {
  const known = new Map<ViewerId, string>();
  for (const { viewer, name } of [
    ...driversOf(state, 0),
    ...state.queue,
    ...state.hands,
    ...present,
  ]) {
    known.set(viewer as ViewerId, name);
  }
  const drivers = new Set<string>(driversOf(state, 0).map(({ viewer }) => viewer));
  const rows = [...known].map(([viewer, name]) => {
    const index = state.queue.findIndex((waiting) => waiting.viewer === viewer);
    return {
      viewer,
      name,
      rank: present.find((person) => person.viewer === viewer)?.rank ?? null,
      isDriving: drivers.has(viewer),
      place: index >= 0 ? index + 1 : null,
      hasHandUp: state.hands.some((hand) => hand.viewer === viewer),
      isSelf: viewer === self,
    };
  });
  return rows.toSorted((a, b) => weightOf(a) - weightOf(b) || a.name.localeCompare(b.name));
}

const RAISED = 1_000;

function weightOf({ isDriving, place, hasHandUp }: PersonRow): number {
  if (isDriving) return 0;
  return place ?? (hasHandUp ? RAISED : RAISED + 1);
}

/** What a person is doing, in a word or two. */
export function personWords({ isDriving, place, hasHandUp, rank }: PersonRow): string {
  const words = [
    isDriving ? 'in control' : '',
    place === null ? '' : `waits, number ${place}`,
    hasHandUp ? 'hand raised' : '',
    rank === 'watcher' ? 'watches only' : '',
    rank === 'owner' || rank === 'admin' ? rank : '',
  ];
  return words.filter((word) => word !== '').join(', ');
}
