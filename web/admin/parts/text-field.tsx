import { useId } from 'react';

/** One line of text with its name, and a hint below it. */
export function TextField({
  name,
  value,
  testId,
  hint,
  onChange,
  type = 'text',
  required = false,
  maxLength,
}: {
  readonly name: string;
  readonly value: string;
  readonly testId: string;
  readonly hint?: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'password' | 'url' | 'number';
  readonly required?: boolean;
  readonly maxLength?: number;
}) {
  const hintId = useId();
  return (
    <div className="field">
      <label>
        {name}
        <input
          type={type}
          value={value}
          required={required}
          maxLength={maxLength}
          data-testid={testId}
          autoComplete={type === 'password' ? 'new-password' : 'off'}
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby={hint === undefined ? undefined : hintId}
          onChange={({ target }) => onChange(target.value)}
        />
      </label>
      {hint !== undefined && (
        <span className="hint" id={hintId}>
          {hint}
        </span>
      )}
    </div>
  );
}
