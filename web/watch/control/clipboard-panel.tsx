import type { ControlPolicy } from '../../../gateway/protocol/control.ts';
import type { HostControl } from '../../core/control/host-control.ts';
import { useState } from 'react';
import { useObservable } from '../../ui/use-observable.ts';
import { SidePanel } from '../side-panel.tsx';

/** What is copied here goes to the machine, and the other way round; only as its person says. */
export function ClipboardPanel({
  control,
  policy,
  onClose,
}: {
  readonly control: HostControl;
  readonly policy: Pick<ControlPolicy, 'clipboardToHost' | 'clipboardFromHost'>;
  readonly onClose: () => void;
}) {
  const { clipboard, exchange } = control;
  const consent = useObservable(clipboard.consent);
  const problem = useObservable(clipboard.problem);
  const offered = useObservable(exchange.offered);
  const transfer = useObservable(exchange.transfer);
  const [done, setDone] = useState('');
  const act = async (what: Promise<boolean>, sentence: string) => {
    setDone('');
    if (await what) setDone(sentence);
  };
  const maySend = policy.clipboardToHost !== 'off';
  const mayFetch = policy.clipboardFromHost !== 'off';
  return (
    <SidePanel title="Clipboard" testId="clipboard" onClose={onClose}>
      <p className="hint">{carries(policy)}</p>
      {maySend && (
        <>
          <button
            type="button"
            data-testid="clipboard-send"
            onClick={() => void act(clipboard.sendOwn(), 'The machine has it.')}
          >
            Send mine to the machine
          </button>
          <label className="flag">
            <input
              type="checkbox"
              checked={consent.toHost}
              data-testid="clipboard-send-always"
              onChange={({ target }) => clipboard.allow({ toHost: target.checked })}
            />
            Always, when I come back to this page
          </label>
        </>
      )}
      {mayFetch && (
        <>
          <button
            type="button"
            data-testid="clipboard-fetch"
            disabled={offered === null}
            onClick={() => void act(clipboard.copy(), 'It is in your clipboard.')}
          >
            {offered === null ? 'Nothing was copied there yet' : 'Copy theirs to here'}
          </button>
          <label className="flag">
            <input
              type="checkbox"
              checked={consent.fromHost}
              data-testid="clipboard-fetch-always"
              onChange={({ target }) => clipboard.allow({ fromHost: target.checked })}
            />
            Always, as soon as something is copied there
          </label>
        </>
      )}
      {transfer !== null && (
        <progress
          value={transfer.done}
          max={transfer.bytes}
          aria-label={transfer.direction === 'to-host' ? 'Sending' : 'Fetching'}
          data-testid="clipboard-progress"
        />
      )}
      <p className="hint" role="status" data-testid="clipboard-outcome">
        {problem ?? done}
      </p>
    </SidePanel>
  );
}

function carries({
  clipboardToHost,
  clipboardFromHost,
}: Pick<ControlPolicy, 'clipboardToHost' | 'clipboardFromHost'>): string {
  if (clipboardToHost === 'off' && clipboardFromHost === 'off') {
    return 'This room lets no clipboard through.';
  }
  const images = [clipboardToHost, clipboardFromHost].includes('all');
  return images
    ? 'Text up to 1 MiB, and images up to 8 MiB where the room allows them. Pasting into the picture sends what you paste.'
    : 'Text up to 1 MiB. Pasting into the picture sends what you paste.';
}
