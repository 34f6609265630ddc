import { useId } from 'react';
import type { ReactNode } from 'react';

/** A part of a page under its heading. */
export function Card({
  title,
  testId,
  actions,
  hint,
  children,
}: {
  readonly title: string;
  readonly testId?: string;
  readonly actions?: ReactNode;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id} data-testid={testId}>
      <header className="card-heading">
        <h2 id={id}>{title}</h2>
        {actions !== undefined && <div className="row">{actions}</div>}
      </header>
      {hint !== undefined && <p className="hint">{hint}</p>}
      {children}
    </section>
  );
}
