import { useCallback } from 'react';
import type { RoomId } from '../../../gateway/protocol/ids.ts';
import { useConsole, useLive } from '../console-context.ts';
import { hostKey, readHosts } from '../host-reading.ts';
import type { Question } from './confirm.tsx';
import { ControlCard } from './control-card.tsx';
import { HostsList } from './hosts-list.tsx';
import { ReadingView } from './reading-view.tsx';

/** The hosts of one room, and how control of them is handed on. */
export function RoomHosts({
  room,
  ask,
}: {
  readonly room: RoomId;
  readonly ask: (question: Question) => void;
}) {
  const { api } = useConsole();
  const read = useCallback(() => readHosts(api, room), [api, room]);
  const live = useLive(read, ['host', 'control'], 3_000);
  return (
    <ReadingView live={live}>
      {(hosts, readAtMs) => (
        <>
          <HostsList hosts={hosts} readAtMs={readAtMs} ask={ask} />
          {hosts.map((host) => {
            const { control, view } = host;
            if (control === null) return null;
            return (
              <ControlCard
                key={hostKey(host)}
                room={room}
                source={view.source}
                control={control}
                onChanged={live.refresh}
              />
            );
          })}
        </>
      )}
    </ReadingView>
  );
}
