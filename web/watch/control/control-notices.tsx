import { useEffect } from 'react';
import { useObservable } from '../../ui/use-observable.ts';
import { Icon } from '../../ui/icon.tsx';
import type { ControlBoard } from './control-board.ts';

const SHOWN_MS = 8_000;

/** What just happened to control: to this viewer over the picture, to the others by voice alone. */
export function ControlNotices({ board }: { readonly board: ControlBoard }) {
  const notice = useObservable(board.notice);
  const news = useObservable(board.news);
  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(() => board.dismiss(), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [board, notice]);
  return (
    <>
      <p className="unseen" role="status" data-testid="control-news">
        {news}
      </p>
      <div className="control-notice" role="alert" data-testid="control-notice">
        {notice !== null && (
          <p className={notice.tone}>
            {notice.text}
            <button
              type="button"
              className="plain"
              aria-label="Close this notice"
              onClick={() => board.dismiss()}
            >
              <Icon name="close" />
            </button>
          </p>
        )}
      </div>
    </>
  );
}
