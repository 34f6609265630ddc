import type { IceProbeView, IceSourceView } from '../../gateway/protocol/ice-sources.ts';
import { UNKNOWN, showCount, showDuration, showMilliseconds } from '../ui/quantity.ts';
import { iceSourceNames } from './admin-words.ts';
import { DataTable } from './data-table.tsx';

/** Where STUN and TURN servers come from, and whether they answer. */
export function IceSourcesTable({
  sources,
  nowMs,
  onProbe,
}: {
  readonly sources: readonly IceSourceView[];
  readonly nowMs: number;
  readonly onProbe: () => void;
}) {
  return (
    <DataTable
      title="STUN and TURN"
      testId="ice-sources"
      columns={['Source', 'State', 'Age', 'Failures', 'Holders', 'Servers', 'Last error']}
      empty={null}
      below={
        <button type="button" className="small" data-testid="probe-ice" onClick={onProbe}>
          Try the servers
        </button>
      }
    >
      {sources.map((view) => (
        <tr key={view.source} data-source={view.source}>
          <th scope="row">{iceSourceNames[view.source]}</th>
          <td>
            <span className={view.failures === 0 ? 'badge good' : 'badge bad'}>
              {view.failures === 0 ? 'works' : 'fails'}
            </span>
          </td>
          <td className="number">
            {view.refreshedAt === null ? UNKNOWN : showDuration(nowMs - view.refreshedAt)}
          </td>
          <td className="number">{`${view.failures} of ${view.failuresInAll}`}</td>
          <td className="number">{showCount(view.holders)}</td>
          <td>
            {view.urls.map((url) => (
              <div key={url}>{showServer(url, view.probes)}</div>
            ))}
          </td>
          <td className="message">{view.lastError}</td>
        </tr>
      ))}
    </DataTable>
  );
}

/** `turn:turn.example.org (18 ms)`, or why it is not reachable from the gateway. */
function showServer(url: string, probes: readonly IceProbeView[]): string {
  const probe = probes.find((view) => view.url === url);
  if (probe === undefined) return url;
  return `${url} (${probe.error ?? showMilliseconds(probe.roundTripMs)})`;
}
