import { useCallback } from 'react';
import { listWebhooks } from '../../../gateway/protocol/api/webhooks.ts';
import type { WebhookView } from '../../../gateway/protocol/api/webhooks.ts';
import { useConsole, useLive } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { readingState } from '../core/reading.ts';
import { DataTable } from '../parts/data-table.tsx';
import type { Column } from '../parts/data-table.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { WebhookBadge } from '../parts/webhook-badge.tsx';
import { WebhookForm } from '../parts/webhook-form.tsx';

/** Who is told what happens here. */
export function WebhooksPage() {
  const { api } = useConsole();
  const read = useCallback(() => api.call(listWebhooks), [api]);
  const live = useLive(read, [], 5_000);
  return (
    <PageFrame
      title="Webhooks"
      testId="webhooks-page"
      state={readingState(live.reading)}
      lead="Systems of yours that are told what happens, signed and in order."
    >
      <section className="card" aria-label="Webhooks">
        <ReadingView live={live}>
          {({ items }) => (
            <DataTable
              label="Webhooks"
              testId="webhooks"
              columns={columns}
              rows={items}
              keyOf={({ id }) => id}
              marksOf={({ id }) => ({ 'data-webhook': id })}
              empty="Nobody is told."
            />
          )}
        </ReadingView>
      </section>
      <WebhookForm onMade={() => void live.refresh()} />
    </PageFrame>
  );
}

const columns: readonly Column<WebhookView>[] = [
  {
    key: 'url',
    title: 'Receiver',
    kind: 'head',
    cell: ({ id, url }) => <PageLink to={consolePath('webhooks', id)}>{url}</PageLink>,
  },
  { key: 'description', title: 'What for', cell: ({ description }) => description },
  { key: 'types', title: 'Events', cell: ({ types }) => types.join(', ') || 'all' },
  { key: 'rooms', title: 'Rooms', cell: ({ rooms }) => rooms.join(', ') || 'all' },
  { key: 'state', title: 'State', cell: (webhook) => <WebhookBadge webhook={webhook} /> },
  { key: 'waiting', title: 'Waiting', kind: 'number', cell: ({ waiting }) => waiting },
  { key: 'dropped', title: 'Dropped', kind: 'number', cell: ({ dropped }) => dropped },
];
