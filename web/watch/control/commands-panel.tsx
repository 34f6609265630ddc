import { useState } from 'react';
import type { RunOutcome } from '../../core/host-runner.ts';
import { SidePanel } from '../side-panel.tsx';

/** The commands that the host allows, one button each. */
export function CommandsPanel({
  commands,
  run,
  onClose,
}: {
  readonly commands: readonly string[];
  readonly run: (command: string) => Promise<RunOutcome>;
  readonly onClose: () => void;
}) {
  const [running, setRunning] = useState<string | null>(null);
  const [outcome, setOutcome] = useState('');
  const start = async (command: string) => {
    setRunning(command);
    setOutcome('');
    const { ok, sentence } = await run(command);
    setRunning(null);
    setOutcome(sentence === '' ? `${command}: ${ok ? 'done' : 'failed'}.` : sentence);
  };
  return (
    <SidePanel title="Commands" testId="commands" onClose={onClose}>
      <ul className="shortcuts">
        {commands.map((command) => (
          <li key={command}>
            <button
              type="button"
              className="small"
              data-command={command}
              disabled={running !== null}
              onClick={() => void start(command)}
            >
              {command}
            </button>
          </li>
        ))}
      </ul>
      <p className="hint" role="status" data-testid="command-outcome">
        {outcome}
      </p>
    </SidePanel>
  );
}
