import { useState } from 'react';
import type { HostView, Tuning } from '../../gateway/protocol/host.ts';
import type { SessionProblem } from '../core/problem.ts';
import { Notice } from '../ui/notice.tsx';
import { explainTuning, fieldNames } from './host-words.ts';
import { AUTOMATIC, fixedKey, release, tuningChoices } from './tuning-choices.ts';
import type { TuningField } from './tuning-choices.ts';

/** What was asked for and is not yet seen in what the host says. */
interface Wish {
  readonly key: string;
  /** Null until the host has answered. */
  readonly takenAtMs: number | null;
}

type Tune = (tuning: Tuning) => Promise<SessionProblem | null>;

const fields: readonly TuningField[] = ['bitrateKbps', 'fps', 'size', 'content'];

async function ask(tune: Tune, tuning: Tuning) {
  const problem = await tune(tuning);
  return { problem, atMs: Date.now() };
}

/**
 * Fixes what a host otherwise decides by itself. A choice shows at once, and gives way to what the
 * host says as soon as that is newer.
 */
export function TuningPanel({
  title,
  view,
  readAtMs,
  tune,
}: {
  readonly title: string;
  readonly view: HostView;
  /** When `view` was asked for. */
  readonly readAtMs: number;
  readonly tune: Tune;
}) {
  const [wishes, setWishes] = useState<Partial<Record<TuningField, Wish>>>({});
  const [outcome, setOutcome] = useState<{ readonly done: string } | { readonly problem: string }>({
    done: '',
  });
  const { capabilities, status } = view;
  /** What was chosen meanwhile is newer. */
  const settle = (field: TuningField, key: string, takenAtMs: number) =>
    setWishes((all) => (all[field]?.key === key ? { ...all, [field]: { key, takenAtMs } } : all));
  const choose = async (field: TuningField, key: string) => {
    const choice = tuningChoices(field, capabilities, status.fixed).find(
      (each) => each.key === key,
    );
    setWishes((all) => ({ ...all, [field]: { key, takenAtMs: null } }));
    setOutcome({ done: 'Asking the host…' });
    const { problem, atMs } = await ask(tune, choice?.tuning ?? release(field));
    settle(field, key, problem === null ? atMs : 0);
    setOutcome(
      problem === null ? { done: 'The host has taken it.' } : { problem: explainTuning(problem) },
    );
  };
  return (
    <fieldset className="tuning" data-testid="tuning">
      <legend>{title}</legend>
      <div className="tuning-fields">
        {fields.map((field) => {
          const wish = wishes[field];
          const isOpen = wish !== undefined && (wish.takenAtMs ?? Infinity) >= readAtMs;
          const key = isOpen ? wish.key : fixedKey(field, status.fixed);
          return (
            <label key={field}>
              {fieldNames[field]}
              <select
                value={key}
                data-testid={`tune-${field}`}
                data-pending={isOpen || undefined}
                onChange={({ target }) => void choose(field, target.value)}
              >
                <option value={AUTOMATIC}>Automatic</option>
                {tuningChoices(field, capabilities, status.fixed).map((choice) => (
                  <option key={choice.key} value={choice.key}>
                    {choice.name}
                  </option>
                ))}
              </select>
            </label>
          );
        })}
      </div>
      <p className="hint" role="status" data-testid="tuning-outcome">
        {'done' in outcome ? outcome.done : ''}
      </p>
      {'problem' in outcome && <Notice tone="problem">{outcome.problem}</Notice>}
    </fieldset>
  );
}
