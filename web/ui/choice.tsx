/** One of several values, by a menu. */
export function Choice<T>({
  name,
  testId,
  options,
  show,
  value,
  disabled = false,
  onChange,
}: {
  readonly name: string;
  readonly testId: string;
  readonly options: readonly T[];
  readonly show: (option: T) => string;
  readonly value: T;
  readonly disabled?: boolean;
  readonly onChange: (option: T) => void;
}) {
  return (
    <label>
      {name}
      <select
        data-testid={testId}
        value={String(value)}
        disabled={disabled}
        onChange={({ target }) => {
          const chosen = options.find((option) => String(option) === target.value);
          if (chosen !== undefined) onChange(chosen);
        }}
      >
        {options.map((option) => (
          <option key={String(option)} value={String(option)}>
            {show(option)}
          </option>
        ))}
      </select>
    </label>
  );
}
