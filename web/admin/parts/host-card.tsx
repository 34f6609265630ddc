import { useId } from 'react';
import type { ReactNode } from 'react';
import { actOnControl } from '../../../gateway/protocol/api/control.ts';
import type { HostState } from '../../../gateway/protocol/host.ts';
import { showEncoder, showFixed, showKind, stateNames } from '../../host/host-words.ts';
import { FigureList } from '../../ui/figure-list.tsx';
import { UNKNOWN } from '../../ui/quantity.ts';
import { driversOf } from '../../watch/control/standing.ts';
import { useConsole } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { hostKey } from '../host-reading.ts';
import type { RoomHost } from '../host-reading.ts';
import { hostFigures } from '../host-figures.ts';
import { useAct } from '../use-act.ts';
import { Badge } from './badge.tsx';
import type { Question } from './confirm.tsx';
import { PageLink } from './page-link.tsx';

const tones: Record<HostState, 'good' | 'bad' | 'plain'> = {
  idle: 'plain',
  starting: 'plain',
  live: 'good',
  failed: 'bad',
};

/** One host: what it does, who controls it, and what can be done about it. */
export function HostCard({
  host,
  isAdjusted,
  onAdjust,
  ask,
  children,
}: {
  readonly host: RoomHost;
  readonly isAdjusted: boolean;
  readonly onAdjust: () => void;
  readonly ask: (question: Question) => void;
  /** The panel to adjust it. */
  readonly children: ReactNode;
}) {
  const panelId = useId();
  const endControl = useEndControl();
  const { room, view } = host;
  const { status, capabilities, source } = view;
  const drivers = driversIn(host);
  const fixed = showFixed(status.fixed);
  return (
    <section className="card" data-host={hostKey(host)} aria-label={`Host of ${room}, ${source}`}>
      <header className="card-heading">
        <h2>
          <PageLink to={consolePath('rooms', room)}>{room}</PageLink>
          {`, ${source}`}
        </h2>
        <Badge tone={tones[status.state]} testId="host-state">
          {stateNames[status.state]}
        </Badge>
      </header>
      <p className="hint">
        {[
          showKind(capabilities.kind),
          showEncoder(status.encoder, status.codec),
          view.subject,
        ].join(' · ')}
      </p>
      {status.message !== null && <p className="notice problem">{status.message}</p>}
      <FigureList label={`Figures of ${room}, ${source}`} figures={hostFigures(view)} />
      <p className="line" data-testid="host-control">
        {capabilities.devices.length === 0
          ? 'It takes no input.'
          : drivers.length === 0
            ? 'Nobody controls it.'
            : `Controlled by ${drivers.map(({ name }) => name).join(', ')}.`}
      </p>
      {fixed !== null && <p className="line">{`Fixed by an operator: ${fixed}.`}</p>}
      <div className="row actions">
        {drivers.length > 0 && (
          <button
            type="button"
            className="small danger"
            data-testid="end-control"
            aria-label={`End control of ${room}, ${source}`}
            onClick={() => ask(endControl(host))}
          >
            End control
          </button>
        )}
        <button
          type="button"
          className="small"
          data-testid="adjust"
          aria-label={`Adjust ${room}, ${source}`}
          aria-expanded={isAdjusted}
          aria-controls={panelId}
          onClick={onAdjust}
        >
          Adjust
        </button>
      </div>
      <div id={panelId}>{children}</div>
    </section>
  );
}

const driversIn = ({ control }: RoomHost) => (control === null ? [] : driversOf(control.state, 0));

/** The question before control is taken from whoever has it. */
function useEndControl(): (host: RoomHost) => Question {
  const { api } = useConsole();
  const act = useAct();
  return (host) => {
    const { room, view } = host;
    const drivers = driversIn(host);
    const names = drivers.map(({ name }) => name).join(', ') || UNKNOWN;
    const end = async () => {
      for (const { viewer } of drivers) {
        const body = { action: 'release' as const, viewer };
        await api.call(actOnControl, { params: { room, source: view.source }, body });
      }
    };
    return {
      title: `End control of ${room}, ${view.source}?`,
      text: (
        <p>{`${names} can no longer send input; keys and buttons that are held are released.`}</p>
      ),
      action: 'End control',
      act: () => act(end, 'Control was ended.'),
    };
  };
}
