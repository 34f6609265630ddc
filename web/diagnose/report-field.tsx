import { useId, useState } from 'react';

/** The whole diagnosis as text, to be handed to whoever runs the server. */
export function ReportField({ report }: { readonly report: string }) {
  const id = useId();
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'refused'>('none');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(report);
      setOutcome('copied');
    } catch {
      setOutcome('refused');
    }
  };
  return (
    <section className="card stack">
      <label htmlFor={id}>Report for the administrator; it holds no password and no link</label>
      <textarea
        id={id}
        readOnly
        rows={8}
        value={report}
        data-testid="report"
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className="row">
        <button type="button" onClick={() => void copy()} data-testid="copy-report">
          {outcome === 'copied' ? 'Copied' : 'Copy'}
        </button>
        <span className="hint" role="status">
          {outcome === 'refused'
            ? 'The browser did not allow it: select the text and copy it.'
            : ''}
        </span>
      </div>
    </section>
  );
}
