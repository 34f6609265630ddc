import type { RecordingLinks, RecordingPart } from '../../gateway/protocol/api/recordings.ts';
import { showBytes, showClock } from './recording-words.ts';
import { StateBadge } from './state-badge.tsx';

/** The parts of a recording, to download. */
export function PartList({
  parts,
  links,
}: {
  readonly parts: readonly RecordingPart[];
  readonly links: RecordingLinks | null;
}) {
  if (parts.length === 0) return null;
  return (
    <section className="card">
      <h2>Parts</h2>
      <ul className="part-list">
        {parts.map((part) => {
          const link = links?.parts.find(({ id }) => id === part.id);
          return (
            <li key={part.id} data-testid="part" data-source={part.source}>
              <span className="part-name">{part.source}</span>
              <StateBadge state={part.state} />
              <span className="hint">
                {`from ${showClock(part.offsetMs)}, ${showClock(part.durationMs)} long · ${showBytes(part.bytes)} · ${formatsOf(part)}`}
              </span>
              {link !== undefined && (
                <a href={`${link.url}&download=1`} download data-testid="download">
                  Download
                </a>
              )}
              {part.detail !== '' && <span className="hint part-detail">{part.detail}</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const formatsOf = ({ video, audio }: RecordingPart): string =>
  [video, audio].filter((format) => format !== null).join(' and ') || 'nothing known yet';
