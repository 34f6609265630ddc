import { useId, useState } from 'react';

/** A link to hand on: shown, selectable, and copied by one press. */
export function CopyField({
  label,
  value,
  testId,
}: {
  readonly label: string;
  readonly value: string;
  readonly testId: string;
}) {
  const id = useId();
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'refused'>('none');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setOutcome('copied');
    } catch {
      setOutcome('refused');
    }
  };
  return (
    <div className="copy-field">
      <label htmlFor={id}>{label}</label>
      <div className="row">
        <input
          id={id}
          readOnly
          value={value}
          data-testid={testId}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" onClick={() => void copy()} data-testid={`${testId}-copy`}>
          {outcome === 'copied' ? 'Copied' : 'Copy'}
        </button>
      </div>
      <span className="hint" role="status">
        {outcome === 'refused' ? 'The browser did not allow it: select the text and copy it.' : ''}
      </span>
    </div>
  );
}
