import { useCallback, useState } from 'react';
import {
  changeWebhook,
  deleteWebhook,
  getWebhook,
  rotateWebhookSecret,
  testWebhook,
} from '../../../gateway/protocol/api/webhooks.ts';
import type { WebhookView } from '../../../gateway/protocol/api/webhooks.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { UNKNOWN } from '../../ui/quantity.ts';
import { useConsole, useLive } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { readingState } from '../core/reading.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import type { Question } from '../parts/confirm.tsx';
import { Deliveries } from '../parts/deliveries.tsx';
import { Facts } from '../parts/facts.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { Moment } from '../parts/time.tsx';
import { WebhookBadge } from '../parts/webhook-badge.tsx';
import { useAct } from '../use-act.ts';

/** One receiver: how it fares, what was sent, and what can be done about it. */
export function WebhookPage({ id }: { readonly id: string }) {
  const { api, history, outcomes } = useConsole();
  const [question, setQuestion] = useState<Question | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const read = useCallback(() => api.read(getWebhook, { params: { id } }), [api, id]);
  const live = useLive(read, [], 3_000);
  const act = useAct();
  const params = { id };
  const test = () =>
    act(async () => {
      const { state, detail } = await api.call(testWebhook, { params });
      outcomes.tell(
        state === 'delivered'
          ? { tone: 'done', sentence: 'The receiver took the test.' }
          : { tone: 'problem', sentence: `The receiver did not take the test. ${detail}` },
      );
    });
  const rotate: Question = {
    title: 'Give it another secret?',
    text: <p>Both secrets sign for a day, so that the receiver can be changed meanwhile.</p>,
    action: 'New secret',
    act: () =>
      act(async () => {
        setSecret((await api.call(rotateWebhookSecret, { params, body: {} })).secret);
      }, 'The new secret signs from now on.'),
  };
  const toggle = async (enabled: boolean, etag: string) => {
    await act(
      () => api.call(changeWebhook, { params, body: { enabled }, ifMatch: etag }),
      enabled ? 'It is told again.' : 'It is told no more.',
    );
    await live.refresh();
  };
  const remove = (etag: string): Question => ({
    title: 'Delete this webhook?',
    text: <p>What waits for it is never sent, and its secrets are gone.</p>,
    action: 'Delete',
    act: async () => {
      const isDone = await act(
        () => api.call(deleteWebhook, { params, ifMatch: etag }),
        'The webhook was deleted.',
      );
      if (isDone) history.go(consolePath('webhooks'));
    },
  });
  return (
    <PageFrame
      title="Webhook"
      testId="webhook-page"
      state={readingState(live.reading)}
      back={{ to: consolePath('webhooks'), name: 'Webhooks' }}
    >
      <ReadingView live={live}>
        {({ value: webhook, etag }) => (
          <Card title="Receiver" actions={<WebhookBadge webhook={webhook} />}>
            {webhook.disabledWhy !== null && <Notice tone="problem">{webhook.disabledWhy}</Notice>}
            <Facts facts={factsOf(webhook)} />
            <div className="row actions">
              <ActButton testId="test-webhook" act={test}>
                Send a test
              </ActButton>
              <ActButton act={() => toggle(!webhook.enabled, etag ?? '*')}>
                {webhook.enabled ? 'Switch off' : 'Switch on'}
              </ActButton>
              <button type="button" className="small" onClick={() => setQuestion(rotate)}>
                New secret
              </button>
              <button
                type="button"
                className="small danger"
                data-testid="delete-webhook"
                onClick={() => setQuestion(remove(etag ?? '*'))}
              >
                Delete
              </button>
            </div>
          </Card>
        )}
      </ReadingView>
      {secret !== null && (
        <CopyField label="New secret, shown this once" testId="webhook-secret" value={secret} />
      )}
      <Deliveries webhook={id} />
      <Confirm question={question} onEnd={() => setQuestion(null)} />
    </PageFrame>
  );
}

const factsOf = (webhook: WebhookView) =>
  [
    ['Address', webhook.url],
    ['What for', webhook.description || UNKNOWN],
    ['Events', webhook.types.join(', ') || 'all'],
    ['Rooms', webhook.rooms.join(', ') || 'all'],
    ['Fails since', <Moment key="failing" atMs={webhook.failingSince} />],
    ['Waiting', webhook.waiting],
    ['Dropped', webhook.dropped],
    ['Old secret signs until', <Moment key="until" atMs={webhook.previousSecretUntil} />],
  ] as const;
