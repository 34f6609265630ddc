import { useId, useState } from 'react';
import type { Tuning } from '../../gateway/protocol/host.ts';
import type { HostApi } from '../core/host-api.ts';
import { TuningPanel } from '../host/tuning-panel.tsx';
import type { RoomHost } from './admin-api.ts';
import { HostsTable, hostKey } from './hosts-table.tsx';

/** Every host, and one of them to be adjusted; nothing where there is none. */
export function Hosts({
  hosts,
  readAtMs,
  api,
  endControl,
}: {
  readonly hosts: readonly RoomHost[];
  readonly readAtMs: number;
  readonly api: HostApi;
  readonly endControl: (host: RoomHost) => void;
}) {
  const [chosen, setChosen] = useState<string | null>(null);
  const panelId = useId();
  const adjusted = hosts.find((host) => hostKey(host) === chosen);
  if (hosts.length === 0) return null;
  return (
    <HostsTable
      hosts={hosts}
      nowMs={readAtMs}
      adjustedKey={chosen}
      panelId={panelId}
      onEndControl={endControl}
      onAdjust={(host) => setChosen(hostKey(host) === chosen ? null : hostKey(host))}
    >
      <div id={panelId}>
        {adjusted !== undefined && (
          <TuningPanel
            key={hostKey(adjusted)}
            title={`Adjust ${adjusted.room}, ${adjusted.view.source}`}
            view={adjusted.view}
            readAtMs={readAtMs}
            tune={(tuning: Tuning) =>
              api.tune({ room: adjusted.room, source: adjusted.view.source }, tuning)
            }
          />
        )}
      </div>
    </HostsTable>
  );
}
