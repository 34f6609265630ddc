import type { WorkView } from '../../../gateway/protocol/api/containers.ts';
import { Badge } from './badge.tsx';
import { Card } from './card.tsx';

const outcomeOf = (ok: boolean | null) => (ok === null ? 'under way' : ok ? 'done' : 'failed');
const toneOf = (ok: boolean | null) => (ok === null ? 'warm' : ok ? 'good' : 'bad');

/** What was done to containers, the newest first, each with its steps. */
export function ContainerWork({ work }: { readonly work: readonly WorkView[] }) {
  return (
    <Card title="What was done" testId="container-work">
      {work.length === 0 && <p className="empty">Nothing yet.</p>}
      {work.map(({ kind, container, ok, startedAt, steps }) => (
        <details key={`${startedAt} ${container}`} open={ok === null}>
          <summary>
            {container}: {kind} <Badge tone={toneOf(ok)}>{outcomeOf(ok)}</Badge>
          </summary>
          <ol>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </details>
      ))}
    </Card>
  );
}
