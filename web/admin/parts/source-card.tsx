import type { SourceView } from '../../../gateway/protocol/api/rooms.ts';
import type { RoomId } from '../../../gateway/protocol/ids.ts';
import { pageLink } from '../../page-route.ts';
import { FigureList } from '../../ui/figure-list.tsx';
import { UNKNOWN } from '../../ui/quantity.ts';
import { transportWords } from '../admin-words.ts';
import { useConsole } from '../console-context.ts';
import { Badge } from './badge.tsx';
import { Card } from './card.tsx';
import type { Question } from './confirm.tsx';
import { Preview } from './preview.tsx';
import { useEndSource } from '../use-end-source.tsx';

/** One source of a room: its picture on demand, its figures, its end. */
export function SourceCard({
  room,
  source,
  ask,
}: {
  readonly room: RoomId;
  readonly source: SourceView;
  readonly ask: (question: Question) => void;
}) {
  const { token } = useConsole();
  const endSource = useEndSource();
  const { live, viewers, transports, video, audio } = source;
  const formats = [video, audio].filter((format) => format !== null).join(', ');
  return (
    <Card
      title={source.source}
      testId="source"
      actions={<Badge tone={live ? 'good' : 'plain'}>{live ? 'live' : 'off'}</Badge>}
    >
      <Preview room={room} source={source} />
      <FigureList
        label={`Figures of ${source.source}`}
        figures={[
          { key: 'viewers', name: 'Viewers', value: String(viewers) },
          {
            key: 'way',
            name: 'Comes by',
            value: transports.map((each) => transportWords[each]).join(', ') || UNKNOWN,
          },
          { key: 'formats', name: 'Formats', value: formats || UNKNOWN },
        ]}
      />
      <div className="row actions">
        {token !== '' && (
          <a
            className="button small"
            href={pageLink(
              location.origin,
              { page: 'watch', room, source: source.source },
              { token },
            )}
            target="_blank"
            rel="noreferrer"
          >
            Open to watch
          </a>
        )}
        {live && (
          <button
            type="button"
            className="small danger"
            data-testid="end-source"
            onClick={() => ask(endSource(room, source))}
          >
            End it
          </button>
        )}
      </div>
    </Card>
  );
}
