import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { SECTIONS } from '../sections.ts';
import { PageLink } from './page-link.tsx';

/** Heading and body of a page; the heading takes the focus when the page is opened. */
export function PageFrame({
  title,
  state,
  testId,
  lead,
  back,
  actions,
  children,
}: {
  readonly title: string;
  /** As `readingState` tells it. */
  readonly state: string;
  readonly testId: string;
  readonly lead?: ReactNode;
  /** The list that it is one of. */
  readonly back?: { readonly to: string; readonly name: string };
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (
      document.activeElement === document.body ||
      document.activeElement?.closest('nav') != null
    ) {
      heading.current?.focus({ preventScroll: true });
    }
    window.scrollTo(0, 0);
  }, [title]);
  return (
    <div className="console-page" data-testid={testId} data-state={state}>
      <title>{`${title} · PixelCast`}</title>
      {back !== undefined && (
        <PageLink to={back.to} className="back-link">
          {back.name}
        </PageLink>
      )}
      <header className="console-heading">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className="hint">{lead}</p>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </header>
      <div className="stack">{children}</div>
    </div>
  );
}

export const sectionTitle = (page: keyof typeof SECTIONS): string => SECTIONS[page].title;
