import { useCallback } from 'react';
import { DeliveryState, listDeliveries } from '../../../gateway/protocol/api/webhooks.ts';
import type { DeliveryView } from '../../../gateway/protocol/api/webhooks.ts';
import { Choice } from '../../ui/choice.tsx';
import { UNKNOWN } from '../../ui/quantity.ts';
import { useAddressQuery, useConsole } from '../console-context.ts';
import { deliveryStateNames, showAnswer } from '../delivery-words.ts';
import { usePaged } from '../use-paged.ts';
import type { PageAt } from '../use-paged.ts';
import type { Column } from './data-table.tsx';
import { Delivery } from './delivery.tsx';
import { DeliveryBadge } from './delivery-badge.tsx';
import { PageList } from './page-list.tsx';
import { SearchField } from './search-field.tsx';
import { Moment } from './time.tsx';

const STATES = ['', ...DeliveryState.options] as const;

/** What was sent to a receiver, and what waits. */
export function Deliveries({ webhook }: { readonly webhook: string }) {
  const { api } = useConsole();
  const [asked, ask] = useAddressQuery();
  const q = asked.get('q') ?? '';
  const state = STATES.find((each) => each === asked.get('state')) ?? '';
  const read = useCallback(
    (at: PageAt) =>
      api.call(listDeliveries, {
        params: { id: webhook },
        query: { ...at, ...(q === '' ? {} : { q }), ...(state === '' ? {} : { state }) },
      }),
    [api, webhook, q, state],
  );
  const paged = usePaged(read, ['room', 'source', 'session', 'control', 'recording']);
  const shown = asked.get('delivery') ?? '';
  return (
    <>
      <PageList<DeliveryView>
        paged={paged}
        label="Deliveries"
        testId="deliveries"
        columns={columnsFor(({ id }) => ask({ delivery: id }))}
        keyOf={({ id }) => id}
        marksOf={(delivery) => ({ 'data-delivery': delivery.id, 'data-state': delivery.state })}
        empty="Nothing was sent."
        filters={
          <>
            <SearchField
              label="Search event or room"
              value={q}
              onSearch={(text) => ask({ q: text })}
            />
            <Choice
              name="State"
              testId="delivery-state"
              options={STATES}
              value={state}
              show={(each) => (each === '' ? 'All' : deliveryStateNames[each])}
              onChange={(each) => ask({ state: each })}
            />
          </>
        }
      />
      {shown !== '' && (
        <Delivery
          webhook={webhook}
          id={shown}
          onEnd={() => ask({ delivery: '' })}
          onReplay={paged.live.refresh}
        />
      )}
    </>
  );
}

const columnsFor = (onLook: (delivery: DeliveryView) => void): readonly Column<DeliveryView>[] => [
  { key: 'type', title: 'Event', kind: 'head', cell: ({ type }) => type },
  { key: 'room', title: 'Room', cell: ({ room }) => room ?? UNKNOWN },
  {
    key: 'state',
    title: 'State',
    cell: ({ state }) => <DeliveryBadge state={state} />,
  },
  {
    key: 'at',
    title: 'Happened',
    kind: 'number',
    cell: ({ createdAt }) => <Moment atMs={createdAt} />,
  },
  { key: 'attempts', title: 'Attempts', kind: 'number', cell: ({ attempts }) => attempts },
  {
    key: 'answer',
    title: 'Answer',
    cell: showAnswer,
  },
  {
    key: 'next',
    title: 'Next attempt',
    kind: 'number',
    cell: ({ nextAt }) => <Moment atMs={nextAt} />,
  },
  {
    key: 'action',
    title: 'Action',
    kind: 'action',
    cell: (delivery) => (
      <button
        type="button"
        className="small"
        data-testid="look-at-delivery"
        aria-label={`Look at ${delivery.type}`}
        onClick={() => onLook(delivery)}
      >
        Look
      </button>
    ),
  },
];
