import { missingStep } from '../core/diary-entries.ts';
import type { DiaryEntry } from '../core/diary-entries.ts';
import { showMilliseconds } from '../ui/quantity.ts';

/** The way of a session, step by step, and the step that did not come. */
export function DiaryList({
  entries,
  problem,
}: {
  readonly entries: readonly DiaryEntry[];
  /** Why it was given up; null while it was not. */
  readonly problem: string | null;
}) {
  const missing = missingStep(entries);
  return (
    <dl
      className="figures diary"
      aria-label="Way to the picture"
      data-testid="diary"
      data-missing={missing ?? undefined}
    >
      {entries.map(({ step, by, atMs }) => (
        <div key={`${step} ${by}`} data-step={step} data-by={by}>
          <dt>
            {STEPS[step]}
            {by === 'gateway' ? '' : `, ${WITNESSES[by]}`}
          </dt>
          <dd>{showMilliseconds(atMs)}</dd>
        </div>
      ))}
      {missing !== null && (
        <div data-step={missing}>
          <dt>{STEPS[missing]}</dt>
          <dd>{problem === null ? 'not yet' : `missing (${problem})`}</dd>
        </div>
      )}
    </dl>
  );
}

const STEPS: Record<DiaryEntry['step'], string> = {
  auth: 'Rights checked',
  route: 'Media server chosen',
  answer: 'Answered',
  stun: 'First answer by UDP',
  dtls: 'Encryption ready',
  rtp: 'First packet',
  frame: 'First picture',
};

const WITNESSES: Record<'node' | 'player', string> = {
  node: 'says the media server',
  player: 'says the player',
};
