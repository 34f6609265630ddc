import type { ReactNode } from 'react';
import type { AudienceReport, HostState, HostView } from '../../gateway/protocol/host.ts';
import { showKind, showPicture, stateNames } from '../host/host-words.ts';
import {
  UNKNOWN,
  showCount,
  showDuration,
  showFraction,
  showMilliseconds,
} from '../ui/quantity.ts';
import { driversOf } from '../watch/control/standing.ts';
import type { RoomHost } from './admin-api.ts';
import { DataTable } from './data-table.tsx';

const columns = [
  ...['Room', 'Source', 'What', 'State', 'Picture', 'Bitrate', 'Viewers', 'Audience'],
  ...['Control', 'Round trip', 'For', 'Message', 'Action'],
];

/** Every host, with the means to adjust it; `children` lie below. */
export function HostsTable({
  hosts,
  nowMs,
  adjustedKey,
  panelId,
  onAdjust,
  onEndControl,
  children,
}: {
  readonly hosts: readonly RoomHost[];
  readonly nowMs: number;
  readonly adjustedKey: string | null;
  readonly panelId: string;
  readonly onAdjust: (host: RoomHost) => void;
  readonly onEndControl: (host: RoomHost) => void;
  readonly children: ReactNode;
}) {
  return (
    <DataTable title="Hosts" testId="hosts" columns={columns} empty={null} below={children}>
      {hosts.map((host) => {
        const { room, view } = host;
        const { source, status, capabilities, audience } = view;
        const drivers = driversIn(host);
        return (
          <tr key={hostKey(host)} data-host={hostKey(host)}>
            <th scope="row">{room}</th>
            <td>{source}</td>
            <td>{showKind(capabilities.kind)}</td>
            <td>
              <span className={badges[status.state]} data-testid="host-state">
                {stateNames[status.state]}
              </span>
            </td>
            <td className="number">
              {showPicture(
                status.picture ?? status.websocket?.picture ?? status.direct?.picture ?? null,
              )}
            </td>
            <td className="number">{showRate(view)}</td>
            <td className="number">{audience?.viewers ?? 0}</td>
            <td className="number" data-testid="host-audience">
              {showAudience(audience)}
            </td>
            <td data-testid="host-control">{drivers.join(', ') || UNKNOWN}</td>
            <td className="number">{showMilliseconds(view.rttMs)}</td>
            <td className="number">{showDuration(nowMs - view.connectedAt)}</td>
            <td className="message">{status.message}</td>
            <td className="action">
              {drivers.length > 0 && (
                <button
                  type="button"
                  className="small danger"
                  data-testid="end-control"
                  aria-label={`End control of ${room}, ${source}`}
                  onClick={() => onEndControl(host)}
                >
                  End control
                </button>
              )}
              <button
                type="button"
                className="small"
                data-testid="adjust"
                aria-label={`Adjust ${room}, ${source}`}
                aria-expanded={adjustedKey === hostKey(host)}
                aria-controls={panelId}
                onClick={() => onAdjust(host)}
              >
                Adjust
              </button>
            </td>
          </tr>
        );
      })}
    </DataTable>
  );
}

/** Names of those who control a host. */
function driversIn({ control }: RoomHost): readonly string[] {
  return control === null ? [] : driversOf(control.state, 0).map(({ name }) => name);
}

/** Names a host on this page. */
export function hostKey({ room, view }: RoomHost): string {
  return `${room}/${view.source}`;
}

const badges: Record<HostState, string> = {
  idle: 'badge',
  starting: 'badge',
  live: 'badge good',
  failed: 'badge bad',
};

/** `2310 of 2500 kbit/s`: sent, and aimed at, in each mode. */
function showRate({ figures, stripes, direct, status }: HostView): string {
  const shown = (of: { readonly sentKbps: number; readonly targetKbps: number }): string =>
    `${showCount(Math.round(of.sentKbps))} of ${showCount(of.targetKbps)} kbit/s`;
  const rates = [
    ...(status.picture === null || figures === null ? [] : [shown(figures)]),
    ...(stripes === null ? [] : [`${shown(stripes)} by WebSocket`]),
    ...(direct === null || direct.clients === 0
      ? []
      : [`${shown(direct)} to ${direct.clients} directly`]),
  ];
  return rates.join(', ') || UNKNOWN;
}

/** `0.4 % lost, 0 % freeze`, of those who report. */
function showAudience(audience: AudienceReport | null): string {
  if (audience === null || audience.reporting === 0) return UNKNOWN;
  const { reporting, lossMedian, freezing } = audience;
  const suffering = `${showFraction(lossMedian)} lost, ${Math.round(freezing * 100)} % freeze`;
  return `${reporting} report: ${suffering}`;
}
