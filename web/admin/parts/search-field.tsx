import { useEffect, useState } from 'react';

const PAUSE_MS = 250;

/** Asks for what was typed once the typing rests. */
export function SearchField({
  label,
  testId = 'search',
  value,
  onSearch,
}: {
  readonly label: string;
  readonly testId?: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => {
      setTyped(null);
      if (typed.trim() !== value) onSearch(typed.trim());
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onSearch]);
  return (
    <label className="search">
      {label}
      <input
        type="search"
        value={typed ?? value}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        data-testid={testId}
        onChange={({ target }) => setTyped(target.value)}
      />
    </label>
  );
}
