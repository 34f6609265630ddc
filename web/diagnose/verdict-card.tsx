import type { Verdict } from '../core/diagnosis/verdict.ts';

/** The sentence that matters, and what to do. */
export function VerdictCard({
  verdict,
  done,
  all,
}: {
  /** Null while checks are under way. */
  readonly verdict: Verdict | null;
  readonly done: number;
  readonly all: number;
}) {
  return (
    <section className={`card verdict ${verdict?.tone ?? 'running'}`} aria-live="polite">
      {verdict === null ? (
        <p data-testid="progress">{`Trying the ways to the server: ${done} of ${all} done.`}</p>
      ) : (
        <>
          <p className="verdict-sentence" data-testid="verdict">
            {verdict.sentence}
          </p>
          <p data-testid="advice">{verdict.advice}</p>
        </>
      )}
    </section>
  );
}
