import { useState } from 'react';
import type { ReactNode, SyntheticEvent } from 'react';
import { Notice } from '../../ui/notice.tsx';
import { explainAdminProblem } from '../admin-words.ts';
import { useConsole } from '../console-context.ts';

/** Fields and the button that sends them; why they were not taken stands below. */
export function Form({
  action,
  testId,
  submit,
  danger = false,
  children,
}: {
  /** On the button. */
  readonly action: string;
  readonly testId: string;
  /** Rejects where the gateway does not take it. */
  readonly submit: () => unknown;
  readonly danger?: boolean;
  readonly children: ReactNode;
}) {
  const { explain } = useConsole();
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const send = async () => {
    setSending(true);
    setProblem(null);
    try {
      await submit();
    } catch (cause) {
      setProblem(cause instanceof RangeError ? cause.message : explainAdminProblem(explain(cause)));
    }
    setSending(false);
  };
  return (
    <form
      className="form-grid"
      data-testid={testId}
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault();
        void send();
      }}
    >
      {children}
      <button
        type="submit"
        className={danger ? 'danger' : 'primary'}
        data-testid={`${testId}-submit`}
        disabled={isSending}
      >
        {action}
      </button>
      {problem !== null && (
        <div className="whole">
          <Notice tone="problem">{problem}</Notice>
        </div>
      )}
    </form>
  );
}
