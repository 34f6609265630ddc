import type { ControlApi } from '../../core/control-api.ts';
import type { HostPlace } from '../../core/host-api.ts';
import { useState } from 'react';
import { useObservable } from '../../ui/use-observable.ts';
import { usePolled } from '../../ui/use-polled.ts';
import { SidePanel } from '../side-panel.tsx';
import type { ControlBoard } from './control-board.ts';
import { NameField } from './name-field.tsx';
import { peopleRows, personWords } from './people.ts';
import type { PersonRow } from './people.ts';
import { PolicyForm } from './policy-form.tsx';
import { decides } from './standing.ts';
import { useControlReading } from './use-control-reading.ts';

const READ_MS = 2_000;

/** Who is here and who waits; whoever decides about control does so here. */
export function PeoplePanel({
  board,
  place,
  api,
  name,
  rename,
  onClose,
}: {
  readonly board: ControlBoard;
  readonly place: HostPlace;
  readonly api: ControlApi;
  readonly name: string | null;
  readonly rename: (name: string | null) => void;
  readonly onClose: () => void;
}) {
  const { reading, standing } = useControlReading(board);
  const { hasHandUp } = useObservable(board.client.own);
  const isDeciding = decides(reading.self?.rank);
  const [read] = useState(() => () => api.read(place));
  const report = usePolled(isDeciding ? read : null, READ_MS);
  const { state } = reading;
  const rows = state === null ? [] : peopleRows(state, report?.people ?? [], reading.self?.viewer);
  const mayGive = isDeciding || standing.kind === 'driving';
  return (
    <SidePanel title="People" testId="people" onClose={onClose}>
      {rows.length === 0 && <p className="hint">Nobody asks for control.</p>}
      <ul className="people">
        {rows.map((row) => (
          <li key={row.viewer} data-person={row.name}>
            <p>
              {row.name}
              {row.isSelf && ' (you)'}
              <span className="hint">{personWords(row)}</span>
            </p>
            <PersonActions row={row} board={board} mayGive={mayGive} isDeciding={isDeciding} />
          </li>
        ))}
      </ul>
      {standing.kind !== 'driving' && (
        <button
          type="button"
          data-testid="hand"
          aria-pressed={hasHandUp}
          onClick={() => void board.toggleHand()}
        >
          {hasHandUp ? 'Lower your hand' : 'Raise your hand'}
        </button>
      )}
      <NameField name={name} rename={rename} />
      {isDeciding && state !== null && (
        <PolicyForm policy={state.policy} change={(policy) => void board.setPolicy(policy)} />
      )}
    </SidePanel>
  );
}

function PersonActions({
  row,
  board,
  mayGive,
  isDeciding,
}: {
  readonly row: PersonRow;
  readonly board: ControlBoard;
  readonly mayGive: boolean;
  readonly isDeciding: boolean;
}) {
  const { viewer, name } = row;
  if (row.isSelf) return null;
  return (
    <div className="row">
      {mayGive && !row.isDriving && row.rank !== 'watcher' && (
        <button
          type="button"
          className="small"
          aria-label={`Give control to ${name}`}
          data-testid="give"
          onClick={() => void board.give(viewer)}
        >
          Give
        </button>
      )}
      {mayGive && row.place !== null && (
        <button
          type="button"
          className="small"
          aria-label={`Turn ${name} down`}
          data-testid="deny"
          onClick={() => void board.deny(viewer)}
        >
          Turn down
        </button>
      )}
      {isDeciding && row.hasHandUp && (
        <button
          type="button"
          className="small"
          aria-label={`Lower the hand of ${name}`}
          data-testid="lower-hand"
          onClick={() => void board.lowerHand(viewer)}
        >
          Lower hand
        </button>
      )}
    </div>
  );
}
