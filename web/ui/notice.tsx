import type { ReactNode } from 'react';

/** A sentence the person should read; problems interrupt a screen reader, the rest waits. */
export function Notice({
  tone,
  children,
}: {
  readonly tone: 'calm' | 'problem';
  readonly children: ReactNode;
}) {
  return (
    <p
      className={`notice ${tone}`}
      role={tone === 'problem' ? 'alert' : 'status'}
      data-testid="notice"
    >
      {children}
    </p>
  );
}
