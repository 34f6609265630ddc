import type { ControlRecord } from '../../../gateway/protocol/control-record.ts';
import { showEnd, showHow, showWhat } from '../control-history-words.ts';
import { Badge } from './badge.tsx';
import { DataTable } from './data-table.tsx';
import type { Column } from './data-table.tsx';
import { Moment } from './time.tsx';

/** More is in the answer of the API. */
const SHOWN = 20;

/** Who had control when, the newest first. */
export function ControlHistory({
  label,
  history,
}: {
  readonly label: string;
  /** Oldest first. */
  readonly history: readonly ControlRecord[];
}) {
  return (
    <>
      <h3>Who had control</h3>
      {history.length > SHOWN && (
        <p className="hint">{`The last ${SHOWN} of ${history.length}.`}</p>
      )}
      <DataTable
        label={label}
        testId="control-history"
        columns={columns}
        rows={history.slice(-SHOWN).toReversed()}
        keyOf={keyOf}
        marksOf={({ type, name }) => ({ 'data-record': type, 'data-name': name })}
        empty="Nobody had control yet."
      />
    </>
  );
}

const beganAt = (record: ControlRecord): number =>
  record.type === 'lease' ? record.from : record.at;

const keyOf = (record: ControlRecord): string =>
  [record.type, record.viewer, beganAt(record), showWhat(record)].join(' ');

const columns: readonly Column<ControlRecord>[] = [
  {
    key: 'who',
    title: 'Who',
    kind: 'head',
    cell: ({ name, subject }) => (name === subject ? name : `${name} (${subject})`),
  },
  { key: 'what', title: 'What', cell: showWhat },
  { key: 'how', title: 'How', cell: showHow },
  {
    key: 'from',
    title: 'From',
    kind: 'number',
    cell: (record) => <Moment atMs={beganAt(record)} />,
  },
  {
    key: 'to',
    title: 'To',
    kind: 'number',
    cell: (record) => {
      if (record.type === 'refused') return null;
      return record.to === null ? <Badge tone="good">now</Badge> : <Moment atMs={record.to} />;
    },
  },
  { key: 'end', title: 'Ended', cell: showEnd },
];
