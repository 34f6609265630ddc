import { useCallback, useState } from 'react';
import { deleteUser, listUsers } from '../../../gateway/protocol/api/users.ts';
import type { UserView } from '../../../gateway/protocol/api/users.ts';
import { useAddressQuery, useConsole } from '../console-context.ts';
import { readingState } from '../core/reading.ts';
import { showRooms } from '../core/read-rooms.ts';
import { Badge } from '../parts/badge.tsx';
import { Confirm } from '../parts/confirm.tsx';
import type { Question } from '../parts/confirm.tsx';
import type { Column } from '../parts/data-table.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageList } from '../parts/page-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Moment } from '../parts/time.tsx';
import { UserChangeForm } from '../parts/user-change-form.tsx';
import { UserForm } from '../parts/user-form.tsx';
import { roleNames } from '../role-words.ts';
import { useAct } from '../use-act.ts';
import { usePaged } from '../use-paged.ts';
import type { PageAt } from '../use-paged.ts';

/** Accounts: who may log in, and what they may do where. */
export function UsersPage() {
  const { api } = useConsole();
  const [asked, ask] = useAddressQuery();
  const [question, setQuestion] = useState<Question | null>(null);
  const [changed, setChanged] = useState<UserView | null>(null);
  const act = useAct();
  const q = asked.get('q') ?? '';
  const read = useCallback(
    (at: PageAt) => api.call(listUsers, { query: { ...at, ...(q === '' ? {} : { q }) } }),
    [api, q],
  );
  const paged = usePaged(read, []);
  const { refresh } = paged.live;
  const remove = ({ id, name, version }: UserView): Question => ({
    title: `Delete ${name}?`,
    text: <p>Their logins, links and invitations end, and the sessions that came by them.</p>,
    action: 'Delete',
    act: async () => {
      const isDone = await act(
        () => api.call(deleteUser, { params: { id }, ifMatch: `"${version}"` }),
        `${name} was deleted.`,
      );
      await refresh();
      return isDone;
    },
  });
  return (
    <PageFrame
      title="Users"
      testId="users-page"
      state={readingState(paged.live.reading)}
      lead="Accounts that log in with name and password."
    >
      <PageList<UserView>
        paged={paged}
        label="Users"
        testId="users"
        columns={columnsFor({
          onChange: setChanged,
          onDelete: (user) => setQuestion(remove(user)),
        })}
        keyOf={({ id }) => id}
        marksOf={({ name }) => ({ 'data-user': name })}
        empty={q === '' ? 'There is no account yet.' : 'No account has such a name.'}
        filters={
          <SearchField label="Search by name" value={q} onSearch={(text) => ask({ q: text })} />
        }
      />
      <UserForm onMade={() => void refresh()} />
      {changed !== null && (
        <UserChangeForm
          user={changed}
          onEnd={() => {
            setChanged(null);
            void refresh();
          }}
          onChanged={() => {
            setChanged(null);
            void refresh();
          }}
        />
      )}
      <Confirm question={question} onEnd={() => setQuestion(null)} />
    </PageFrame>
  );
}

const columnsFor = (on: {
  readonly onChange: (user: UserView) => void;
  readonly onDelete: (user: UserView) => void;
}): readonly Column<UserView>[] => [
  { key: 'name', title: 'Name', kind: 'head', cell: ({ name }) => name },
  { key: 'role', title: 'Role', cell: ({ role }) => roleNames[role] },
  {
    key: 'rooms',
    title: 'Rooms',
    cell: ({ rooms }) => (rooms === '*' ? 'all' : showRooms(rooms) || 'none'),
  },
  {
    key: 'state',
    title: 'State',
    cell: ({ disabled }) => (
      <Badge tone={disabled ? 'bad' : 'good'}>{disabled ? 'locked out' : 'may log in'}</Badge>
    ),
  },
  {
    key: 'login',
    title: 'Last login',
    kind: 'number',
    cell: ({ lastLoginAt }) => (lastLoginAt === null ? 'never' : <Moment atMs={lastLoginAt} />),
  },
  {
    key: 'action',
    title: 'Action',
    kind: 'action',
    cell: (user) => (
      <>
        <button
          type="button"
          className="small"
          data-testid="change-user"
          aria-label={`Change ${user.name}`}
          onClick={() => on.onChange(user)}
        >
          Change
        </button>
        <button
          type="button"
          className="small danger"
          data-testid="delete-user"
          aria-label={`Delete ${user.name}`}
          onClick={() => on.onDelete(user)}
        >
          Delete
        </button>
      </>
    ),
  },
];
