import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../core/api-client.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import { MeClient } from '../core/me.ts';
import { explainProblem } from '../core/problem.ts';
import { pageLink, sourceOfPage } from '../page-route.ts';
import { Notice } from '../ui/notice.tsx';

/** Asks a guest's name and lets them in by the code of an invitation. */
export function InvitePage({ code }: { readonly code: string }) {
  const [client] = useState(() => new MeClient(createBrowserPort(), location.origin));
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const { room, sources, rights, token } = await client.redeem(code, name.trim());
      const page = rights === 'present' ? 'share' : 'watch';
      const source = sources?.[0] ?? sourceOfPage(page);
      location.replace(pageLink(location.origin, { page, room, source }, { token }));
    } catch (cause) {
      const found = toProblem(cause);
      const isName = found.code === 'bad-request';
      setProblem(
        isName ? 'Give a name of letters, digits and blanks.' : explainProblem(found, 'watch'),
      );
      setBusy(false);
    }
  };
  return (
    <main className="page narrow" data-testid="invite">
      <title>Invitation · PixelCast</title>
      <h1>You are invited</h1>
      {code === '' ? (
        <Notice tone="problem">This link carries no invitation. Ask for a new one.</Notice>
      ) : (
        <form
          className="card stack"
          onSubmit={(event: SyntheticEvent) => {
            event.preventDefault();
            void submit();
          }}
        >
          <label>
            Your name
            <input
              value={name}
              onChange={(event) => setName(event.target.value)}
              autoComplete="name"
              maxLength={64}
              required
              data-testid="name"
            />
          </label>
          <span className="hint">Others in the room see it.</span>
          {problem !== null && <Notice tone="problem">{problem}</Notice>}
          <button type="submit" className="primary" disabled={isBusy} data-testid="enter">
            Come in
          </button>
        </form>
      )}
    </main>
  );
}
