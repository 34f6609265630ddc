import type { ReactNode } from 'react';

/** How something stands, in a word. */
export function Badge({
  tone,
  testId,
  children,
}: {
  readonly tone: 'good' | 'bad' | 'warm' | 'plain';
  readonly testId?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={tone === 'plain' ? 'badge' : `badge ${tone}`} data-testid={testId}>
      {children}
    </span>
  );
}
