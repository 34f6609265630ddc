import { Sparkline } from '../ui/sparkline.tsx';
import { showBitrate, showCount, showFraction, showMilliseconds } from '../ui/quantity.ts';
import type { FigureSample } from './figure-history.ts';
import type { FigureLog } from './figure-log.ts';
import { reportText, saveText } from './watch-report.ts';

const graphs = [
  { key: 'bitrateBps', name: 'Bitrate', show: showBitrate },
  { key: 'framesPerSecond', name: 'Frames', show: showCount },
  { key: 'lossFraction', name: 'Loss', show: showFraction },
  { key: 'jitterMs', name: 'Jitter', show: showMilliseconds },
  { key: 'roundTripMs', name: 'Round trip', show: showMilliseconds },
] as const;

/** The last minute, drawn, and a button that saves all that was read. */
export function FigureGraphs({
  log,
  samples,
  mode,
}: {
  readonly log: FigureLog;
  readonly samples: readonly FigureSample[];
  readonly mode: string;
}) {
  const save = () => {
    const savedAt = new Date().toISOString();
    const context = { savedAt, browser: navigator.userAgent, mode, state: log.state };
    saveText(`watch-report-${savedAt.replaceAll(':', '-')}.json`, reportText(context, samples));
  };
  return (
    <div className="figure-graphs" data-testid="graphs">
      {graphs.map(({ key, name, show }) => {
        const values = samples.slice(-60).map((sample) => sample[key]);
        return [
          <span key={`${key}-name`}>{name}</span>,
          <Sparkline key={key} name={name} values={values} show={show} />,
          <span key={`${key}-now`} data-testid={`now-${key}`}>
            {show(values.at(-1) ?? null)}
          </span>,
        ];
      })}
      <button type="button" data-testid="save-report" onClick={save}>
        Save the report
      </button>
    </div>
  );
}
