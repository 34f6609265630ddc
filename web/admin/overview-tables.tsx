import type { NodeView, RoomView, SessionView } from '../../gateway/protocol/api.ts';
import { UNKNOWN, showDuration } from '../ui/quantity.ts';
import { endReasonWords, transportWords } from './admin-words.ts';
import { DataTable } from './data-table.tsx';

/** Every source of every room. */
export function RoomsTable({ rooms }: { readonly rooms: readonly RoomView[] }) {
  return (
    <DataTable
      title="Rooms"
      testId="rooms"
      columns={['Room', 'Source', 'State', 'By', 'Viewers', 'Formats']}
      empty={rooms.every(({ sources }) => sources.length === 0) ? 'No room is in use.' : null}
    >
      {rooms.flatMap(({ room, sources }) =>
        sources.map((view) => (
          <tr key={`${room}/${view.source}`}>
            <th scope="row">{room}</th>
            <td>{view.source}</td>
            <td>
              <span className={view.live ? 'badge good' : 'badge'}>
                {view.live ? 'live' : 'off'}
              </span>
            </td>
            <td>{view.transports.map((transport) => transportWords[transport]).join(', ')}</td>
            <td className="number">{view.viewers}</td>
            <td>{[view.video, view.audio].filter((format) => format !== null).join(', ')}</td>
          </tr>
        )),
      )}
    </DataTable>
  );
}

/** Every session, with the means to end it. */
export function SessionsTable({
  sessions,
  nowMs,
  onKick,
}: {
  readonly sessions: readonly SessionView[];
  readonly nowMs: number;
  readonly onKick: (session: SessionView) => void;
}) {
  return (
    <DataTable
      title="Sessions"
      testId="sessions"
      columns={['Kind', 'Room', 'Source', 'Who', 'State', 'For', 'Address', 'By', 'Node', 'Action']}
      empty={sessions.length === 0 ? 'Nobody is here.' : null}
    >
      {sessions.map((session) => (
        <tr key={session.id} data-session={session.id} data-kind={session.kind}>
          <td>{session.kind === 'publish' ? 'shares' : 'watches'}</td>
          <td>{session.room}</td>
          <td>{session.source}</td>
          <th scope="row">{session.subject}</th>
          <td>
            <span className={session.state === 'live' ? 'badge good' : 'badge'}>
              {session.endReason === null ? session.state : endReasonWords[session.endReason]}
            </span>
          </td>
          <td className="number">{showDuration(nowMs - (session.liveAt ?? session.startedAt))}</td>
          <td>{session.address}</td>
          <td>{transportWords[session.transport]}</td>
          <td>{session.transport === 'webrtc' ? session.node : UNKNOWN}</td>
          <td>
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
          </td>
        </tr>
      ))}
    </DataTable>
  );
}

/** Every media server. */
export function NodesTable({ nodes }: { readonly nodes: readonly NodeView[] }) {
  return (
    <DataTable
      title="Media servers"
      testId="nodes"
      columns={['Node', 'Version', 'Health', 'Sessions', 'Remark']}
      empty={nodes.length === 0 ? 'No media server is configured.' : null}
    >
      {nodes.map((node) => (
        <tr key={node.node}>
          <th scope="row">{node.node}</th>
          <td>{node.version ?? UNKNOWN}</td>
          <td>
            <span className={node.healthy ? 'badge good' : 'badge bad'}>
              {node.healthy ? 'healthy' : 'away'}
            </span>
          </td>
          <td className="number">{node.sessions}</td>
          <td>{node.detail}</td>
        </tr>
      ))}
    </DataTable>
  );
}
