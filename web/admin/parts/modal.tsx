import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';

/** A dialogue over the page, ended by Escape too; the focus goes back to where it was. */
export function Modal({
  title,
  testId,
  onEnd,
  isWide = false,
  children,
}: {
  readonly title: string;
  readonly testId: string;
  readonly onEnd: () => void;
  /** For what has long lines. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}) {
  const dialogue = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialogue.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialogue}
      className={isWide ? 'confirm wide' : 'confirm'}
      aria-labelledby={titleId}
      data-testid={testId}
      onClose={onEnd}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}
