import { useSecondsUntil } from '../ui/use-seconds-until.ts';
import type { Overlay } from './overlay-words.ts';

/** Says over the picture what is going on; the page's status line says it to screen readers. */
export function WatchOverlay({
  overlay,
  whyLink,
  onTryNow,
  onStartAgain,
}: {
  readonly overlay: Overlay | null;
  /** To the page that finds out why; null without one. */
  readonly whyLink: string | null;
  readonly onTryNow: () => void;
  readonly onStartAgain: () => void;
}) {
  const seconds = useSecondsUntil(overlay?.retryAtMs ?? null);
  return (
    <div className="overlay" hidden={overlay === null} data-testid="overlay">
      {overlay?.busy === true && <span className="spinner" aria-hidden="true" />}
      <p className="overlay-title" data-testid="overlay-title">
        {overlay?.title}
      </p>
      <p data-testid="overlay-text">{overlay?.text}</p>
      <p className="countdown" aria-hidden="true">
        {seconds !== null && seconds > 0 ? `Next attempt in ${seconds} s` : ''}
      </p>
      {overlay?.action === 'try-now' && (
        <button type="button" onClick={onTryNow} data-testid="retry">
          Try now
        </button>
      )}
      {overlay?.action === 'start-again' && (
        <button type="button" onClick={onStartAgain} data-testid="start-again">
          Try again
        </button>
      )}
      {whyLink !== null && (
        <a href={whyLink} data-testid="why">
          Find out why
        </a>
      )}
    </div>
  );
}
