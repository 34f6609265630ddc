import type { ReactNode } from 'react';
import type { NodeView, RoomView, SessionView } from '../../gateway/protocol/api.ts';
import { UNKNOWN, showDuration, showMilliseconds } from '../ui/quantity.ts';
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
  shownId,
  panelId,
  onDiary,
  onKick,
  children,
}: {
  readonly sessions: readonly SessionView[];
  readonly nowMs: number;
  /** Whose diary is shown. */
  readonly shownId: string | null;
  readonly panelId: string;
  readonly onDiary: (session: SessionView) => void;
  readonly onKick: (session: SessionView) => void;
  /** Below the table. */
  readonly children: ReactNode;
}) {
  return (
    <DataTable
      title="Sessions"
      testId="sessions"
      columns={['Kind', 'Room', 'Source', 'Who', 'State', 'For', 'Address', 'By', 'Node', 'Action']}
      empty={sessions.length === 0 ? 'Nobody is here.' : null}
      below={children}
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
          <td className="action">
            <button
              type="button"
              className="small"
              data-testid="diary-toggle"
              aria-label={`Diary of ${session.subject} in ${session.room}`}
              aria-expanded={shownId === session.id}
              aria-controls={panelId}
              onClick={() => onDiary(session)}
            >
              Diary
            </button>
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

/** Every media server, and where clients are told to send media. */
export function NodesTable({
  nodes,
  onProbe,
}: {
  readonly nodes: readonly NodeView[];
  readonly onProbe: () => void;
}) {
  return (
    <DataTable
      title="Media servers"
      testId="nodes"
      columns={['Node', 'Version', 'Health', 'Sessions', 'Announced addresses', 'Remark']}
      empty={nodes.length === 0 ? 'No media server is configured.' : null}
      below={
        <button type="button" className="small" data-testid="probe-nodes" onClick={onProbe}>
          Try the addresses
        </button>
      }
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
          <td data-testid="node-addresses">
            {node.addresses.announced.map((address) => (
              <div key={address}>{showAddress(address, node.addresses)}</div>
            ))}
          </td>
          <td className="message">
            <div>{node.detail}</div>
            {node.addresses.remarks.map(({ sentence }) => (
              <div key={sentence} className="bad" data-testid="address-remark">
                {sentence}
              </div>
            ))}
          </td>
        </tr>
      ))}
    </DataTable>
  );
}

/** `203.0.113.7:8000 (1 ms)`, or why the gateway's own check had no answer. */
function showAddress(address: string, { probes }: NodeView['addresses']): string {
  const probe = probes.find((view) => view.address === address);
  if (probe === undefined) return address;
  return `${address} (${probe.error ?? showMilliseconds(probe.roundTripMs)})`;
}
