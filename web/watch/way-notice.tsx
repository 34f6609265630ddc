import { useEffect, useState } from 'react';
import type { Way } from '../core/roaming/media-mode.ts';
import type { WayReason } from '../core/roaming/way-news.ts';
import { wayWords } from '../core/roaming/way-words.ts';

/** A way that is taken for a moment is not worth a word. */
const SETTLE_MS = 2_000;
const SHOWN_MS = 12_000;

/** Says for some seconds why the picture comes over WebSocket; the figures say it all the time. */
export function WayNotice({
  shown,
  reason,
}: {
  readonly shown: Way | null;
  readonly reason: WayReason | null;
}) {
  const [isShown, setIsShown] = useState(false);
  const isDue = shown === 'websocket' && reason !== null && reason !== 'chosen';
  useEffect(() => {
    if (!isDue) return;
    const timers = [
      setTimeout(() => setIsShown(true), SETTLE_MS),
      setTimeout(() => setIsShown(false), SETTLE_MS + SHOWN_MS),
    ];
    return () => {
      for (const timer of timers) clearTimeout(timer);
      setIsShown(false);
    };
  }, [isDue]);
  return (
    <div className="way-notice" role="status" data-testid="way-notice" data-reason={reason}>
      {isDue && isShown && (
        <p>
          {wayWords[reason]}
          <button type="button" className="plain" onClick={() => setIsShown(false)}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}
