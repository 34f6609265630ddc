import { useEffect, useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { MeView } from '../../gateway/protocol/api/login.ts';
import { toProblem } from '../core/api-client.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import { MeClient } from '../core/me.ts';
import { explainProblem } from '../core/problem.ts';
import { Notice } from '../ui/notice.tsx';
import { MyAccount } from './my-account.tsx';
import { nextPage } from './next-page.ts';
import '../styles/login.css';

/** Name and password; who is logged in already sees as whom. */
export function LoginPage() {
  const [client] = useState(() => new MeClient(createBrowserPort(), location.origin));
  const [me, setMe] = useState<MeView | null>(null);
  const [isRead, setRead] = useState(false);
  useEffect(() => {
    void client
      .read()
      .then(setMe, () => setMe(null))
      .finally(() => setRead(true));
  }, [client]);
  const enter = (entered: MeView) => {
    const next = nextPage(location.search, location.origin);
    if (next === null) setMe(entered);
    else location.replace(next);
  };
  if (!isRead) return null;
  return (
    <main className="page narrow" data-testid="login" data-user={me?.name}>
      <title>Log in · PixelCast</title>
      <h1>{me === null ? 'Log in' : me.name}</h1>
      {me === null ? (
        <LoginForm client={client} onEnter={enter} />
      ) : (
        <MyAccount client={client} me={me} onChange={setMe} />
      )}
    </main>
  );
}

function LoginForm({
  client,
  onEnter,
}: {
  readonly client: MeClient;
  readonly onEnter: (me: MeView) => void;
}) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      onEnter(await client.login(name.trim(), password));
    } catch (cause) {
      const { code, retryAfterMs, ...rest } = toProblem(cause);
      const wait =
        retryAfterMs === null ? '' : ` Try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
      setProblem(explainProblem({ code, retryAfterMs, ...rest }, 'watch') + wait);
      setPassword('');
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="card stack"
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label>
        Name
        <input
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          data-testid="name"
        />
      </label>
      <label>
        Password
        <input
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          required
          data-testid="password"
        />
      </label>
      {problem !== null && <Notice tone="problem">{problem}</Notice>}
      <button type="submit" className="primary" disabled={isBusy} data-testid="enter">
        Log in
      </button>
    </form>
  );
}
