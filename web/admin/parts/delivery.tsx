import { useCallback } from 'react';
import { getDelivery, replayDelivery } from '../../../gateway/protocol/api/webhooks.ts';
import type { DeliveryDetail } from '../../../gateway/protocol/api/webhooks.ts';
import { UNKNOWN } from '../../ui/quantity.ts';
import { useConsole, useLive } from '../console-context.ts';
import { showAnswer, showBody } from '../delivery-words.ts';
import { useAct } from '../use-act.ts';
import { ActButton } from './act-button.tsx';
import { DeliveryBadge } from './delivery-badge.tsx';
import { Facts } from './facts.tsx';
import { Modal } from './modal.tsx';
import { ReadingView } from './reading-view.tsx';
import { Moment } from './time.tsx';

/** One delivery over the page: what was sent, and what came back. */
export function Delivery({
  webhook,
  id,
  onEnd,
  onReplay,
}: {
  readonly webhook: string;
  readonly id: string;
  readonly onEnd: () => void;
  /** It was queued once more. */
  readonly onReplay: () => Promise<void>;
}) {
  const { api } = useConsole();
  const act = useAct();
  const read = useCallback(
    () => api.call(getDelivery, { params: { id: webhook, delivery: id } }),
    [api, webhook, id],
  );
  const live = useLive(read, [], 3_000);
  const replay = async () => {
    const params = { id: webhook, delivery: id };
    const isDone = await act(() => api.call(replayDelivery, { params }), 'It is sent again.');
    if (isDone) onEnd();
    await onReplay();
  };
  const isWaiting = live.reading.kind === 'read' && live.reading.value.state === 'waiting';
  return (
    <Modal title="Delivery" testId="delivery" isWide onEnd={onEnd}>
      <ReadingView live={live}>{(delivery) => <DeliveryText delivery={delivery} />}</ReadingView>
      <div className="row end">
        <ActButton className="" testId="replay" disabled={isWaiting} act={replay}>
          Send again
        </ActButton>
        <button type="button" data-testid="delivery-close" onClick={onEnd}>
          Close
        </button>
      </div>
    </Modal>
  );
}

function DeliveryText({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { type, event, room, state, attempts, createdAt, body, answer } = delivery;
  return (
    <>
      <Facts
        facts={[
          ['Event', type],
          ['Id, the same in every attempt', event],
          ['Room', room ?? UNKNOWN],
          ['State', <DeliveryBadge key="state" state={state} />],
          ['Happened', <Moment key="at" atMs={createdAt} />],
          ['Attempts', attempts],
          ['Last answer', showAnswer(delivery)],
        ]}
      />
      <TextBox title="Body" testId="delivery-body" text={showBody(body)} />
      <TextBox title="What the receiver answered" testId="delivery-answer" text={answer} />
      <p className="hint">What looks like a secret is shown as ***.</p>
    </>
  );
}

/** A text that may be long: scrolled by keys, too. */
function TextBox({
  title,
  testId,
  text,
}: {
  readonly title: string;
  readonly testId: string;
  readonly text: string;
}) {
  return (
    <div>
      <h3>{title}</h3>
      <pre className="text-box" role="region" aria-label={title} tabIndex={0} data-testid={testId}>
        {text === '' ? UNKNOWN : text}
      </pre>
    </div>
  );
}
