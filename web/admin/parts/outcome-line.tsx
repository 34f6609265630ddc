import { Icon } from '../../ui/icon.tsx';
import { useObservable } from '../../ui/use-observable.ts';
import { useConsole } from '../console-context.ts';

/** What came of what was done last; spoken by screen readers. */
export function OutcomeLine() {
  const { outcomes } = useConsole();
  const last = useObservable(outcomes.last);
  const of = (tone: 'done' | 'problem') => (last?.tone === tone ? last.sentence : '');
  return (
    <div className="outcome" data-tone={last?.tone} data-testid="outcome">
      <p role="status">{of('done')}</p>
      <p role="alert">{of('problem')}</p>
      {last !== null && (
        <button type="button" aria-label="Dismiss" onClick={() => outcomes.clear()}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
