import { CHECKS } from '../core/diagnosis/finding.ts';
import type { Check, Finding } from '../core/diagnosis/finding.ts';
import { showMilliseconds } from '../ui/quantity.ts';

/** Every check with what came of it; those under way stand there empty. */
export function FindingList({
  findings,
  isRunning,
}: {
  readonly findings: readonly Finding[];
  readonly isRunning: boolean;
}) {
  return (
    <ul className="card findings" data-testid="findings">
      {CHECKS.map((check) => (
        <Row
          key={check}
          check={check}
          finding={findings.find((finding) => finding.check === check)}
          isRunning={isRunning}
        />
      ))}
    </ul>
  );
}

function Row({
  check,
  finding,
  isRunning,
}: {
  readonly check: Check;
  readonly finding: Finding | undefined;
  readonly isRunning: boolean;
}) {
  const outcome = finding?.outcome ?? (isRunning ? 'running' : 'left-out');
  return (
    <li data-check={check} data-outcome={outcome}>
      <span className={BADGES[outcome]}>{WORDS[outcome]}</span>
      <div className="finding">
        <p>
          <strong>{NAMES[check]}</strong>
          {finding?.tookMs != null && (
            <span className="hint"> {showMilliseconds(finding.tookMs)}</span>
          )}
        </p>
        <p>{finding?.sentence}</p>
        {finding !== undefined && finding.details.length > 0 && (
          <ul className="hint">
            {finding.details.map((detail) => (
              <li key={detail}>{detail}</li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

type Outcome = Finding['outcome'] | 'running';

const BADGES: Record<Outcome, string> = {
  passed: 'badge good',
  failed: 'badge bad',
  'left-out': 'badge',
  running: 'badge',
};

const WORDS: Record<Outcome, string> = {
  passed: 'works',
  failed: 'fails',
  'left-out': 'not tried',
  running: 'trying…',
};

const NAMES: Record<Check, string> = {
  gateway: 'Server',
  link: 'Link',
  clock: 'Clock',
  websocket: 'WebSocket',
  codecs: 'Picture and sound formats',
  udp: 'Media by UDP',
  tcp: 'Media by TCP',
  stun: 'STUN',
  'turn-udp': 'TURN by UDP',
  'turn-tcp': 'TURN by TCP or TLS',
};
