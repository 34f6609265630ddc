import type { SessionView } from '../../../gateway/protocol/api/sessions.ts';
import { UNKNOWN } from '../../ui/quantity.ts';
import { endReasonWords, transportWords } from '../admin-words.ts';
import { consolePath } from '../console-route.ts';
import { Badge } from './badge.tsx';
import type { Column, RowMarks } from './data-table.tsx';
import { PageLink } from './page-link.tsx';
import { Since } from './time.tsx';

/** How sessions are shown in tables; `inRoom` leaves out what all of them share. */
export function sessionColumns({
  onKick,
  inRoom = false,
}: {
  readonly onKick: (session: SessionView) => void;
  readonly inRoom?: boolean;
}): readonly Column<SessionView>[] {
  return [
    {
      key: 'who',
      title: 'Who',
      kind: 'head',
      cell: ({ id, subject }) => <PageLink to={consolePath('sessions', id)}>{subject}</PageLink>,
    },
    {
      key: 'kind',
      title: 'Does',
      cell: ({ kind }) => (kind === 'publish' ? 'shares' : 'watches'),
    },
    ...(inRoom ? [] : [roomColumn]),
    { key: 'source', title: 'Source', cell: ({ source }) => source },
    { key: 'state', title: 'State', cell: (session) => <SessionBadge session={session} /> },
    {
      key: 'for',
      title: 'For',
      kind: 'number',
      cell: ({ liveAt, startedAt }) => <Since atMs={liveAt ?? startedAt} />,
    },
    {
      key: 'way',
      title: 'By',
      cell: ({ transport, node }) =>
        transport === 'webrtc'
          ? `${transportWords[transport]}, ${node}`
          : transportWords[transport],
    },
    { key: 'address', title: 'Address', kind: 'number', cell: ({ address }) => address || UNKNOWN },
    {
      key: 'action',
      title: 'Action',
      kind: 'action',
      cell: (session) => (
        <button
          type="button"
          className="small"
          data-testid="kick"
          disabled={session.state === 'ended'}
          aria-label={`Kick ${session.subject} out of ${session.room}`}
          onClick={() => onKick(session)}
        >
          Kick
        </button>
      ),
    },
  ];
}

/** For tests and styles. */
export const sessionMarks = ({ id, kind }: SessionView): RowMarks => ({
  'data-session': id,
  'data-kind': kind,
});

const roomColumn: Column<SessionView> = {
  key: 'room',
  title: 'Room',
  cell: ({ room }) => <PageLink to={consolePath('rooms', room)}>{room}</PageLink>,
};

export function SessionBadge({ session: { state, endReason } }: { readonly session: SessionView }) {
  return (
    <Badge tone={state === 'live' ? 'good' : 'plain'} testId="session-state">
      {endReason === null ? state : endReasonWords[endReason]}
    </Badge>
  );
}
