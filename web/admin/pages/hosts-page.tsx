import { useCallback, useState } from 'react';
import { listRooms } from '../../../gateway/protocol/api/rooms.ts';
import { useConsole, useLive } from '../console-context.ts';
import { readingState } from '../core/reading.ts';
import { readAll } from '../core/read-all.ts';
import { readHosts } from '../host-reading.ts';
import { Confirm } from '../parts/confirm.tsx';
import type { Question } from '../parts/confirm.tsx';
import { HostsList } from '../parts/hosts-list.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { ReadingView } from '../parts/reading-view.tsx';

/** Every machine that shares something. */
export function HostsPage() {
  const { api } = useConsole();
  const [question, setQuestion] = useState<Question | null>(null);
  const read = useCallback(async () => {
    const rooms = await readAll((at) => api.call(listRooms, { query: at }));
    const served = rooms.filter((room) => (room.hosts ?? []).length > 0);
    const found = await Promise.all(served.map(({ room }) => readHosts(api, room)));
    return found.flat();
  }, [api]);
  const live = useLive(read, ['host', 'control'], 3_000);
  return (
    <PageFrame
      title="Hosts"
      testId="hosts-page"
      state={readingState(live.reading)}
      lead="Machines that run host-publisher: what they send, who controls them."
    >
      <ReadingView live={live}>
        {(value, readAtMs) =>
          value.length === 0 ? (
            <p className="empty card">No host is connected.</p>
          ) : (
            <HostsList hosts={value} readAtMs={readAtMs} ask={setQuestion} />
          )
        }
      </ReadingView>
      <Confirm question={question} onEnd={() => setQuestion(null)} />
    </PageFrame>
  );
}
