import { useEffect, useState } from 'react';
import { ApiClient } from '../core/api-client.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import { DiagnosisApi } from '../core/diagnosis/diagnosis-api.ts';
import { Diagnosis } from '../core/diagnosis/diagnosis.ts';
import { CHECKS } from '../core/diagnosis/finding.ts';
import { readMediaAbilities } from '../core/diagnosis/media-abilities.ts';
import { writeReport } from '../core/diagnosis/report.ts';
import { pageLink } from '../page-route.ts';
import { useObservable } from '../ui/use-observable.ts';
import { FindingList } from './finding-list.tsx';
import { ReportField } from './report-field.tsx';
import { VerdictCard } from './verdict-card.tsx';
import '../styles/diagnose.css';

/** Tries every way between this browser and the server, and says what is blocked. */
export function DiagnosePage(props: {
  /** Empty: the server and the browser alone. */
  readonly room: string;
  readonly source: string;
  readonly token: string;
}) {
  const { room, source, token } = props;
  const [diagnosis] = useState(() => createDiagnosis(props));
  const { findings, verdict } = useObservable(diagnosis.state);
  const [startedAt, setStartedAt] = useState(() => Date.now());
  useEffect(() => void diagnosis.run(), [diagnosis]);
  const again = () => {
    setStartedAt(Date.now());
    void diagnosis.run();
  };
  const head = { origin: location.origin, userAgent: navigator.userAgent, at: startedAt };
  const report =
    verdict === null ? null : writeReport({ ...head, room, source }, findings, verdict);
  return (
    <main
      className="page narrow diagnose"
      data-testid="diagnose"
      data-state={verdict === null ? 'running' : 'done'}
      data-tone={verdict?.tone}
    >
      <title>Why is there no picture? · PixelCast</title>
      <h1>Why is there no picture?</h1>
      <div className="stack">
        <VerdictCard verdict={verdict} done={findings.length} all={CHECKS.length} />
        <FindingList findings={findings} isRunning={verdict === null} />
        {report !== null && <ReportField report={report} />}
        <div className="row">
          <button
            type="button"
            className="primary"
            data-testid="again"
            disabled={verdict === null}
            onClick={again}
          >
            Try again
          </button>
          {room !== '' && (
            <a href={pageLink('', { page: 'watch', room, source }, { token })} data-testid="back">
              To the picture
            </a>
          )}
        </div>
      </div>
    </main>
  );
}

function createDiagnosis(place: { room: string; source: string; token: string }): Diagnosis {
  const { origin } = location;
  const port = createBrowserPort();
  const client = new ApiClient(port, { origin, token: place.token });
  const api = new DiagnosisApi(client, place);
  return new Diagnosis({ port, api, abilities: readMediaAbilities, origin, ...place });
}
