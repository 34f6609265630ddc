import { useState } from 'react';
import {
  cordonNode,
  drainNode,
  removeNode,
  uncordonNode,
} from '../../../gateway/protocol/api/nodes.ts';
import type { NodeView } from '../../../gateway/protocol/api/nodes.ts';
import { useConsole } from '../console-context.ts';
import { useAct } from '../use-act.ts';
import { ActButton } from './act-button.tsx';
import { Confirm } from './confirm.tsx';
import type { Question } from './confirm.tsx';

/** What a media server is for, how far its drain is, and what an operator may make of it. */
export function NodeDuty({
  node: view,
  onDone,
}: {
  readonly node: NodeView;
  readonly onDone: () => Promise<unknown>;
}) {
  const { node, duty, drain } = view;
  const { api } = useConsole();
  const act = useAct();
  const [question, setQuestion] = useState<Question | null>(null);
  const params = { node };
  const turn = async (deed: () => Promise<unknown>, done: string): Promise<void> => {
    await act(deed, done);
    await onDone();
  };
  const askDrain = () =>
    setQuestion({
      title: `Drain ${node}?`,
      text: <p>It takes no new source. What is still there after ten minutes is sent elsewhere.</p>,
      action: 'Drain',
      option: { name: 'Send all elsewhere now, over ten seconds', testId: 'drain-now' },
      act: (isNow) =>
        turn(
          () => api.call(drainNode, { params, body: isNow ? { afterSeconds: 0 } : {} }),
          `${node} is being emptied.`,
        ),
    });
  const askRemove = () =>
    setQuestion({
      title: `Remove ${node}?`,
      text: <p>The gateway forgets it. The media server itself goes on running.</p>,
      action: 'Remove',
      option: { name: 'Even with sessions: all are sent elsewhere at once', testId: 'force' },
      act: (force) =>
        turn(
          () => api.call(removeNode, { params, query: { force: force ? 'true' : 'false' } }),
          `${node} was removed.`,
        ),
    });
  return (
    <>
      {drain !== null && <DrainProgress drain={drain} />}
      <div className="row">
        {duty === 'serving' ? (
          <ActButton
            testId="cordon"
            act={() => turn(() => api.call(cordonNode, { params }), `${node} takes no new source.`)}
          >
            Cordon
          </ActButton>
        ) : (
          <ActButton
            testId="uncordon"
            act={() =>
              turn(() => api.call(uncordonNode, { params }), `${node} takes new sources again.`)
            }
          >
            Uncordon
          </ActButton>
        )}
        <button type="button" className="small" data-testid="drain" onClick={askDrain}>
          Drain
        </button>
        <button
          type="button"
          className="small danger"
          data-testid="remove-node"
          onClick={askRemove}
        >
          Remove
        </button>
      </div>
      <Confirm question={question} onEnd={() => setQuestion(null)} />
    </>
  );
}

const phases = {
  leaving: 'Sessions leave by themselves',
  moving: 'Sessions are sent elsewhere',
  done: 'Nothing is left there',
} as const;

function DrainProgress({ drain }: { readonly drain: NonNullable<NodeView['drain']> }) {
  const { phase, left, sessions } = drain;
  const most = Math.max(sessions, left, 1);
  return (
    <div data-testid="drain-progress" data-phase={phase}>
      <label>
        {phases[phase]}: {left} of {sessions} left <progress max={most} value={most - left} />
      </label>
    </div>
  );
}
