import { useCallback, useState } from 'react';
import { listTokens, revokeToken } from '../../../gateway/protocol/api/tokens.ts';
import type { TokenView } from '../../../gateway/protocol/api/tokens.ts';
import { useAddressQuery, useConsole } from '../console-context.ts';
import { readingState } from '../core/reading.ts';
import { Badge } from '../parts/badge.tsx';
import { Confirm } from '../parts/confirm.tsx';
import type { Question } from '../parts/confirm.tsx';
import type { Column } from '../parts/data-table.tsx';
import { LinkForm } from '../parts/link-form.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageList } from '../parts/page-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Moment } from '../parts/time.tsx';
import { TokenForm } from '../parts/token-form.tsx';
import { actionNames } from '../role-words.ts';
import { useAct } from '../use-act.ts';
import { usePaged } from '../use-paged.ts';
import type { PageAt } from '../use-paged.ts';

/** Links and tokens for others: made, listed, taken back. */
export function TokensPage() {
  const { api } = useConsole();
  const [asked, ask] = useAddressQuery();
  const [question, setQuestion] = useState<Question | null>(null);
  const act = useAct();
  const q = asked.get('q') ?? '';
  const read = useCallback(
    (at: PageAt) => api.call(listTokens, { query: { ...at, ...(q === '' ? {} : { q }) } }),
    [api, q],
  );
  const paged = usePaged(read, []);
  const { refresh } = paged.live;
  const revoke = ({ jti, sub, room }: TokenView): Question => ({
    title: `Take back what ${sub} has?`,
    text: (
      <p>{`The link or token for ${room === '*' ? 'all rooms' : room} works no more, and its sessions end.`}</p>
    ),
    action: 'Take it back',
    act: async () => {
      await act(() => api.call(revokeToken, { params: { jti } }), `What ${sub} had works no more.`);
      await refresh();
    },
  });
  return (
    <PageFrame
      title="Links and tokens"
      testId="tokens-page"
      state={readingState(paged.live.reading)}
      lead="What was given to people and programs, and has not run out."
    >
      <LinkForm onMade={() => void refresh()} />
      <TokenForm onMade={() => void refresh()} />
      <PageList<TokenView>
        paged={paged}
        label="Tokens that were given out"
        testId="tokens"
        columns={columnsFor((token) => setQuestion(revoke(token)))}
        keyOf={({ jti }) => jti}
        marksOf={({ jti }) => ({ 'data-jti': jti })}
        empty={q === '' ? 'No token was given out.' : 'No token is like that.'}
        filters={
          <SearchField
            label="Search name, room, id or giver"
            value={q}
            onSearch={(text) => ask({ q: text })}
          />
        }
      />
      <Confirm question={question} onEnd={() => setQuestion(null)} />
    </PageFrame>
  );
}

const columnsFor = (onRevoke: (token: TokenView) => void): readonly Column<TokenView>[] => [
  { key: 'sub', title: 'For', kind: 'head', cell: ({ sub }) => sub },
  {
    key: 'room',
    title: 'Room',
    cell: ({ room, sources = [] }) =>
      `${room === '*' ? 'all' : room}${sources.length === 0 ? '' : `, ${sources.join(', ')}`}`,
  },
  {
    key: 'can',
    title: 'May',
    cell: ({ can }) => can.map((action) => actionNames[action]).join(', '),
  },
  { key: 'by', title: 'Given by', cell: ({ by }) => by },
  {
    key: 'issued',
    title: 'Given',
    kind: 'number',
    cell: ({ issuedAt }) => <Moment atMs={issuedAt} />,
  },
  {
    key: 'expires',
    title: 'Runs out',
    kind: 'number',
    cell: ({ expiresAt }) => <Moment atMs={expiresAt} />,
  },
  {
    key: 'state',
    title: 'State',
    cell: ({ revoked }) => (
      <Badge tone={revoked ? 'bad' : 'good'}>{revoked ? 'taken back' : 'works'}</Badge>
    ),
  },
  {
    key: 'action',
    title: 'Action',
    kind: 'action',
    cell: (token) => (
      <button
        type="button"
        className="small danger"
        data-testid="revoke-token"
        disabled={token.revoked}
        aria-label={`Take back the token of ${token.sub}`}
        onClick={() => onRevoke(token)}
      >
        Take back
      </button>
    ),
  },
];
