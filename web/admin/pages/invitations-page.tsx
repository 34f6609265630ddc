import { useCallback, useState } from 'react';
import { listInvitations, revokeInvitation } from '../../../gateway/protocol/api/invitations.ts';
import type { InvitationView } from '../../../gateway/protocol/api/invitations.ts';
import { useAddressQuery, useConsole } from '../console-context.ts';
import { readingState } from '../core/reading.ts';
import { Badge } from '../parts/badge.tsx';
import { Confirm } from '../parts/confirm.tsx';
import type { Question } from '../parts/confirm.tsx';
import type { Column } from '../parts/data-table.tsx';
import { InvitationForm } from '../parts/invitation-form.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageList } from '../parts/page-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Moment } from '../parts/time.tsx';
import { rightsNames } from '../role-words.ts';
import { useAct } from '../use-act.ts';
import { usePaged } from '../use-paged.ts';
import type { PageAt } from '../use-paged.ts';

/** Links that guests redeem under a name of their own. */
export function InvitationsPage() {
  const { api } = useConsole();
  const [asked, ask] = useAddressQuery();
  const [question, setQuestion] = useState<Question | null>(null);
  const act = useAct();
  const q = asked.get('q') ?? '';
  const read = useCallback(
    (at: PageAt) => api.call(listInvitations, { query: { ...at, ...(q === '' ? {} : { q }) } }),
    [api, q],
  );
  const paged = usePaged(read, []);
  const { refresh } = paged.live;
  const revoke = ({ id, room, used }: InvitationView): Question => ({
    title: `Take back the invitation to ${room}?`,
    text: (
      <p>
        {used === 0
          ? 'Nobody has used it yet; its link works no more.'
          : `Its link works no more, and the ${used} who came by it are sent out.`}
      </p>
    ),
    action: 'Take it back',
    act: async () => {
      const params = { id };
      await act(() => api.call(revokeInvitation, { params }), 'The invitation was taken back.');
      await refresh();
    },
  });
  return (
    <PageFrame
      title="Invitations"
      testId="invitations-page"
      state={readingState(paged.live.reading)}
      lead="Links for guests, who say their name and come in."
    >
      <InvitationForm onMade={() => void refresh()} />
      <PageList<InvitationView>
        paged={paged}
        label="Invitations"
        testId="invitations"
        columns={columnsFor((invitation) => setQuestion(revoke(invitation)))}
        keyOf={({ id }) => id}
        marksOf={({ id }) => ({ 'data-invitation': id })}
        empty={q === '' ? 'Nobody was invited.' : 'No invitation is like that.'}
        filters={
          <SearchField
            label="Search room, note or who invites"
            value={q}
            onSearch={(text) => ask({ q: text })}
          />
        }
      />
      <Confirm question={question} onEnd={() => setQuestion(null)} />
    </PageFrame>
  );
}

const states: Record<InvitationView['state'], string> = {
  open: 'open',
  'used-up': 'used up',
  expired: 'run out',
  revoked: 'taken back',
};

const columnsFor = (
  onRevoke: (invitation: InvitationView) => void,
): readonly Column<InvitationView>[] => [
  { key: 'room', title: 'Room', kind: 'head', cell: ({ room }) => room },
  { key: 'rights', title: 'Guests may', cell: ({ rights }) => rightsNames[rights] },
  { key: 'uses', title: 'Used', kind: 'number', cell: ({ used, uses }) => `${used} of ${uses}` },
  { key: 'note', title: 'Note', cell: ({ note }) => note },
  { key: 'by', title: 'By', cell: ({ by }) => by },
  {
    key: 'expires',
    title: 'Runs out',
    kind: 'number',
    cell: ({ expiresAt }) => <Moment atMs={expiresAt} />,
  },
  {
    key: 'state',
    title: 'State',
    cell: ({ state }) => <Badge tone={state === 'open' ? 'good' : 'plain'}>{states[state]}</Badge>,
  },
  {
    key: 'action',
    title: 'Action',
    kind: 'action',
    cell: (invitation) => (
      <button
        type="button"
        className="small danger"
        data-testid="revoke-invitation"
        disabled={invitation.state === 'revoked'}
        aria-label={`Take back the invitation to ${invitation.room}`}
        onClick={() => onRevoke(invitation)}
      >
        Take back
      </button>
    ),
  },
];
