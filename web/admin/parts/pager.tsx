import { nextPage, previousPage, showPlace } from '../core/page-place.ts';
import type { PagePlace } from '../core/page-place.ts';

/** Which part of a list is shown, and the way to the others. */
export function Pager({
  place,
  limit,
  page,
  onMove,
}: {
  readonly place: PagePlace;
  readonly limit: number;
  readonly page: {
    readonly items: readonly unknown[];
    readonly next: string | null;
    readonly total: number;
  };
  readonly onMove: (place: PagePlace) => void;
}) {
  const { items, next, total } = page;
  return (
    <div className="pager">
      <p className="hint" role="status" data-testid="page-place">
        {showPlace(place, { limit, shown: items.length, total })}
      </p>
      <div className="row">
        <button
          type="button"
          className="small"
          data-testid="page-previous"
          disabled={place.cursors.length === 0}
          onClick={() => onMove(previousPage(place))}
        >
          Previous
        </button>
        <button
          type="button"
          className="small"
          data-testid="page-next"
          disabled={next === null}
          onClick={() => next !== null && onMove(nextPage(place, next))}
        >
          Next
        </button>
      </div>
    </div>
  );
}
