import { useState } from 'react';
import { tuneHost } from '../../../gateway/protocol/api/hosts.ts';
import { TuningPanel } from '../../host/tuning-panel.tsx';
import { useConsole } from '../console-context.ts';
import { hostKey } from '../host-reading.ts';
import type { RoomHost } from '../host-reading.ts';
import type { Question } from './confirm.tsx';
import { HostCard } from './host-card.tsx';

/** Every host, and one of them to be adjusted. */
export function HostsList({
  hosts,
  readAtMs,
  ask,
}: {
  readonly hosts: readonly RoomHost[];
  readonly readAtMs: number;
  readonly ask: (question: Question) => void;
}) {
  const { api, explain } = useConsole();
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <div className="columns" data-testid="hosts">
      {hosts.map((host) => {
        const key = hostKey(host);
        const { room, view } = host;
        return (
          <HostCard
            key={key}
            host={host}
            isAdjusted={chosen === key}
            onAdjust={() => setChosen(chosen === key ? null : key)}
            ask={ask}
          >
            {chosen === key && (
              <TuningPanel
                title={`Adjust ${room}, ${view.source}`}
                view={view}
                readAtMs={readAtMs}
                tune={async (tuning) => {
                  try {
                    const params = { room, source: view.source };
                    await api.call(tuneHost, { params, body: tuning });
                    return null;
                  } catch (cause) {
                    return explain(cause);
                  }
                }}
              />
            )}
          </HostCard>
        );
      })}
    </div>
  );
}
