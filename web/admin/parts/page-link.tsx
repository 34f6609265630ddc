import type { MouseEvent, ReactNode } from 'react';
import { useConsole } from '../console-context.ts';

/** A link to a page of the console: opened in place, or as the browser does with a key held. */
export function PageLink({
  to,
  children,
  className,
  current = false,
  label,
  testId,
  onGo,
}: {
  readonly to: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly current?: boolean;
  readonly label?: string;
  readonly testId?: string;
  readonly onGo?: () => void;
}) {
  const { history } = useConsole();
  const go = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    event.preventDefault();
    history.go(to);
    onGo?.();
  };
  return (
    <a
      href={history.link(to)}
      className={className}
      aria-current={current ? 'page' : undefined}
      aria-label={label}
      data-testid={testId}
      onClick={go}
    >
      {children}
    </a>
  );
}
