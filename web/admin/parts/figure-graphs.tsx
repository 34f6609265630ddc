import { useCallback } from 'react';
import { FigureSpan, readFigures } from '../../../gateway/protocol/api/figures.ts';
import type { FigureName, FiguresView } from '../../../gateway/protocol/api/figures.ts';
import { Choice } from '../../ui/choice.tsx';
import { showBitrate, showCount, showFraction, showMilliseconds } from '../../ui/quantity.ts';
import { useAddressQuery, useConsole, useLive } from '../console-context.ts';
import { showBytes } from '../recording-words.ts';
import { Graph } from './graph.tsx';
import { ReadingView } from './reading-view.tsx';

interface Drawn {
  readonly title: string;
  readonly show: (value: number) => string;
  readonly lines: readonly (readonly [string, FigureName])[];
}

const GRAPHS: readonly Drawn[] = [
  {
    title: 'Who watch',
    show: showCount,
    lines: [
      ['WebRTC', 'viewersWebrtc'],
      ['WebSocket', 'viewersWebsocket'],
    ],
  },
  {
    title: 'Who share',
    show: showCount,
    lines: [
      ['WebRTC', 'publishersWebrtc'],
      ['WebSocket', 'publishersWebsocket'],
    ],
  },
  {
    title: 'Joins each minute',
    show: showCount,
    lines: [
      ['joined', 'joinsPerMinute'],
      ['refused', 'refusalsPerMinute'],
    ],
  },
  {
    title: 'First picture after',
    show: showMilliseconds,
    lines: [
      ['half of them', 'firstFrameP50Ms'],
      ['95 %', 'firstFrameP95Ms'],
    ],
  },
  {
    title: 'Media servers',
    show: (kbps) => showBitrate(kbps * 1000),
    lines: [
      ['receive', 'nodeInKbps'],
      ['send', 'nodeOutKbps'],
    ],
  },
  {
    title: 'Processor, of one core',
    show: showFraction,
    lines: [
      ['gateway', 'cpu'],
      ['busiest media server', 'nodeCpu'],
    ],
  },
  {
    title: 'Memory of the gateway',
    show: showBytes,
    lines: [['memory', 'memoryBytes']],
  },
  {
    title: 'Delay in the gateway (99 %)',
    show: showMilliseconds,
    lines: [['delay', 'eventLoopDelayMs']],
  },
];

const spanNames: Record<FigureSpan, string> = {
  '15m': 'Last 15 minutes',
  '1h': 'Last hour',
  '24h': 'Last day',
};

/** How it went. */
export function FigureGraphs() {
  const { api } = useConsole();
  const [asked, ask] = useAddressQuery();
  const span = FigureSpan.options.find((each) => each === asked.get('span')) ?? '15m';
  const read = useCallback(() => api.call(readFigures, { query: { span } }), [api, span]);
  const live = useLive(read, [], 5_000);
  return (
    <section aria-label="How it went" data-testid="figures">
      <div className="filters">
        <Choice
          name="Time"
          testId="span"
          options={FigureSpan.options}
          value={span}
          show={(each) => spanNames[each]}
          onChange={(each) => ask({ span: each })}
        />
      </div>
      <ReadingView live={live}>
        {(figures) => (
          <div className="graphs">
            {GRAPHS.map((drawn) => (
              <Graph
                key={drawn.title}
                title={drawn.title}
                show={drawn.show}
                fromMs={figures.from}
                stepMs={figures.step}
                lines={drawn.lines.map(([name, figure]) => ({
                  name,
                  values: valuesOf(figures, figure),
                }))}
              />
            ))}
          </div>
        )}
      </ReadingView>
    </section>
  );
}

const valuesOf = ({ series }: FiguresView, name: FigureName): readonly (number | null)[] =>
  series[name];
