import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { Icon } from '../ui/icon.tsx';

/**
 * A panel over the picture's right side. It takes the focus when it opens and gives it back when it
 * closes, by its button or Escape; the rest of the page stays usable.
 */
export function SidePanel({
  title,
  testId,
  onClose,
  children,
}: {
  readonly title: string;
  readonly testId: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <section
      className="side-panel"
      aria-labelledby={id}
      data-testid={testId}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button
          type="button"
          className="plain"
          aria-label={`Close ${title}`}
          data-testid={`${testId}-close`}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </section>
  );
}
