import { consolePath } from '../console-route.ts';
import type { ConsolePageName } from '../console-route.ts';
import { GROUPS, SECTIONS } from '../sections.ts';
import { PageLink } from './page-link.tsx';

/** Links to all pages, in groups. */
export function Navigation({
  current,
  onGo,
}: {
  readonly current: ConsolePageName | null;
  readonly onGo?: () => void;
}) {
  return (
    <nav className="console-nav" aria-label="Pages">
      {GROUPS.map(({ name, pages }) => (
        <section key={name} aria-label={name}>
          <p className="nav-group" aria-hidden="true">
            {name}
          </p>
          <ul>
            {pages.map((page) => (
              <li key={page}>
                <PageLink
                  to={consolePath(page)}
                  current={page === current}
                  testId={`nav-${page}`}
                  {...(onGo === undefined ? {} : { onGo })}
                >
                  <svg className="nav-sign" viewBox="0 0 24 24" aria-hidden="true">
                    <path d={SECTIONS[page].sign} />
                  </svg>
                  {SECTIONS[page].title}
                </PageLink>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
