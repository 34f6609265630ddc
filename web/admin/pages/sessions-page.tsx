import { useCallback, useMemo, useState } from 'react';
import { listSessions } from '../../../gateway/protocol/api/sessions.ts';
import type { SessionView } from '../../../gateway/protocol/api/sessions.ts';
import { RoomId } from '../../../gateway/protocol/ids.ts';
import { SessionKind } from '../../../gateway/protocol/session-kind.ts';
import { Transport } from '../../../gateway/protocol/transport.ts';
import { Choice } from '../../ui/choice.tsx';
import { transportWords } from '../admin-words.ts';
import { useAddressQuery, useConsole } from '../console-context.ts';
import { readingState } from '../core/reading.ts';
import { Confirm } from '../parts/confirm.tsx';
import type { Question } from '../parts/confirm.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageList } from '../parts/page-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { sessionColumns, sessionMarks } from '../parts/session-columns.tsx';
import { useKick } from '../use-kick.tsx';
import { usePaged } from '../use-paged.ts';
import type { PageAt } from '../use-paged.ts';

const KINDS = ['', ...SessionKind.options] as const;
const STATES = ['', 'offering', 'connecting', 'live'] as const;
const WAYS = ['', ...Transport.options] as const;
const ORDERS = ['newest', 'oldest'] as const;

/** Everybody who sends or receives now. */
export function SessionsPage() {
  const { api } = useConsole();
  const [asked, ask] = useAddressQuery();
  const [question, setQuestion] = useState<Question | null>(null);
  const [q, room, kind, state, transport, order] = [
    asked.get('q') ?? '',
    RoomId.safeParse(asked.get('room')).data ?? '',
    KINDS.find((each) => each === asked.get('kind')) ?? '',
    STATES.find((each) => each === asked.get('state')) ?? '',
    WAYS.find((each) => each === asked.get('transport')) ?? '',
    ORDERS.find((each) => each === asked.get('order')) ?? 'newest',
  ];
  const read = useCallback(
    (at: PageAt) =>
      api.call(listSessions, {
        query: {
          ...at,
          order,
          ...(q === '' ? {} : { q }),
          ...(room === '' ? {} : { room }),
          ...(kind === '' ? {} : { kind }),
          ...(state === '' ? {} : { state }),
          ...(transport === '' ? {} : { transport }),
        },
      }),
    [api, q, room, kind, state, transport, order],
  );
  const isAll = [q, room, kind, state, transport].every((each) => each === '');
  const paged = usePaged(read, ['session']);
  const kick = useKick();
  const columns = useMemo(
    () => sessionColumns({ onKick: (session) => setQuestion(kick(session)) }),
    [kick],
  );
  return (
    <PageFrame
      title="Sessions"
      testId="sessions-page"
      state={readingState(paged.live.reading)}
      lead="Everybody who sends or receives a picture now."
    >
      <PageList<SessionView>
        paged={paged}
        label="Sessions"
        testId="sessions"
        columns={columns}
        keyOf={({ id }) => id}
        marksOf={sessionMarks}
        empty={isAll ? 'Nobody is here.' : 'Nobody like that is here.'}
        filters={
          <>
            <SearchField
              label="Search room, source, name or address"
              value={q}
              onSearch={(text) => ask({ q: text })}
            />
            <SearchField
              label="Room, its whole name"
              testId="filter-room"
              value={room}
              onSearch={(text) => ask({ room: text })}
            />
            <Choice
              name="Kind"
              testId="filter-kind"
              options={KINDS}
              value={kind}
              show={(each) => kindNames[each]}
              onChange={(each) => ask({ kind: each })}
            />
            <Choice
              name="State"
              testId="filter-state"
              options={STATES}
              value={state}
              show={(each) => stateNames[each]}
              onChange={(each) => ask({ state: each })}
            />
            <Choice
              name="By"
              testId="filter-transport"
              options={WAYS}
              value={transport}
              show={(each) => (each === '' ? 'All' : transportWords[each])}
              onChange={(each) => ask({ transport: each })}
            />
            <Choice
              name="Order"
              testId="filter-order"
              options={ORDERS}
              value={order}
              show={(each) => orderNames[each]}
              onChange={(each) => ask({ order: each })}
            />
          </>
        }
      />
      <Confirm question={question} onEnd={() => setQuestion(null)} />
    </PageFrame>
  );
}

const kindNames = { '': 'All', publish: 'Who share', watch: 'Who watch' } as const;
const stateNames = {
  '': 'All',
  offering: 'offering',
  connecting: 'connecting',
  live: 'live',
} as const;
const orderNames = { newest: 'Newest first', oldest: 'Oldest first' } as const;
