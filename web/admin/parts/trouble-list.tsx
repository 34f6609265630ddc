import { consolePath } from '../console-route.ts';
import { SECTIONS } from '../sections.ts';
import type { Trouble } from '../troubles.ts';
import { PageLink } from './page-link.tsx';

/** What somebody should see to, each with the way to where that is done. */
export function TroubleList({ troubles }: { readonly troubles: readonly Trouble[] }) {
  return (
    <>
      {troubles.every(({ weight }) => weight === 'note') && (
        <p className="notice calm" role="status" data-testid="no-troubles">
          Nothing needs attention.
        </p>
      )}
      {troubles.length > 0 && (
        <ul className="troubles" aria-label="Needs attention" data-testid="troubles">
          {troubles.map(({ key, weight, sentence, page, item }) => (
            <li key={key} data-weight={weight} data-page={page}>
              <span>{sentence}</span>
              <PageLink to={consolePath(page, item)}>{SECTIONS[page].title}</PageLink>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
