import { useState } from 'react';
import type { ReactNode } from 'react';

/** A button that waits for what it began. */
export function ActButton({
  act,
  testId,
  className = 'small',
  label,
  disabled = false,
  children,
}: {
  readonly act: () => Promise<unknown>;
  readonly testId?: string;
  readonly className?: string;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}) {
  const [isActing, setActing] = useState(false);
  const press = async () => {
    setActing(true);
    await act();
    setActing(false);
  };
  return (
    <button
      type="button"
      className={className}
      data-testid={testId}
      aria-label={label}
      aria-busy={isActing}
      disabled={disabled || isActing}
      onClick={() => void press()}
    >
      {children}
    </button>
  );
}
