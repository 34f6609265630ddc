import { useState } from 'react';
import type { ReactNode } from 'react';
import { Modal } from './modal.tsx';

/** What is asked before something is lost. */
export interface Question {
  readonly title: string;
  /** What happens, in a sentence or two. */
  readonly text: ReactNode;
  /** On the button that does it. */
  readonly action: string;
  /** A box that makes more of it; its value goes to `act`. */
  readonly option?: { readonly name: string; readonly testId: string };
  /** Does it and says what came of it. */
  readonly act: (option: boolean) => Promise<unknown>;
}

/** Asks `question` over the page until it is answered; nothing while it is null. */
export function Confirm({
  question,
  onEnd,
}: {
  readonly question: Question | null;
  readonly onEnd: () => void;
}) {
  return question === null ? null : <Dialogue question={question} onEnd={onEnd} />;
}

function Dialogue({
  question: { title, text, action, option, act },
  onEnd,
}: {
  readonly question: Question;
  readonly onEnd: () => void;
}) {
  const [chosen, setChosen] = useState(false);
  const [isActing, setActing] = useState(false);
  const press = async () => {
    setActing(true);
    await act(chosen);
    onEnd();
  };
  return (
    <Modal title={title} testId="confirm" onEnd={onEnd}>
      <div>{text}</div>
      {option !== undefined && (
        <label className="check">
          <input
            type="checkbox"
            checked={chosen}
            data-testid={option.testId}
            onChange={({ target }) => setChosen(target.checked)}
          />
          {option.name}
        </label>
      )}
      <div className="row end">
        <button type="button" autoFocus disabled={isActing} onClick={onEnd}>
          Cancel
        </button>
        <button
          type="button"
          className="danger"
          data-testid="confirm-act"
          disabled={isActing}
          onClick={() => void press()}
        >
          {action}
        </button>
      </div>
    </Modal>
  );
}
