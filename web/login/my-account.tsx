import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { MeView } from '../../gateway/protocol/api/login.ts';
import { toProblem } from '../core/api-client.ts';
import type { MeClient } from '../core/me.ts';
import { explainProblem } from '../core/problem.ts';
import { Notice } from '../ui/notice.tsx';

interface AccountProps {
  readonly client: MeClient;
  readonly me: MeView;
  /** Null: logged out. */
  readonly onChange: (me: MeView | null) => void;
}

/** What an account is for, its rooms, its password, and the way out. */
export function MyAccount({ client, me, onChange }: AccountProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const logout = async () => {
    try {
      await client.logout();
      onChange(null);
    } catch (cause) {
      setProblem(explainProblem(toProblem(cause), 'watch'));
    }
  };
  const mayPublish = me.role !== 'viewer';
  return (
    <div className="stack">
      <p className="lead">
        You are logged in as {me.role}
        {me.rooms === '*' ? ' in all rooms' : ''}.
      </p>
      {me.rooms !== '*' && (
        <ul className="card login-rooms">
          {me.rooms.map((room) => (
            <li key={room} className="row">
              <span className="name">{room}</span>
              <a href={`/watch/${room}`}>Watch</a>
              {mayPublish && <a href={`/share/${room}`}>Share</a>}
              {mayPublish && <a href={`/camera/${room}`}>Camera</a>}
            </li>
          ))}
        </ul>
      )}
      {(me.role === 'admin' || me.role === 'operator') && <a href="/admin">Administer</a>}
      {me.csrf !== null && <PasswordForm client={client} me={me} onChange={onChange} />}
      {problem !== null && <Notice tone="problem">{problem}</Notice>}
      <button type="button" onClick={() => void logout()} data-testid="logout">
        Log out
      </button>
    </div>
  );
}

function PasswordForm({ client, onChange }: AccountProps) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [told, setTold] = useState<{ tone: 'calm' | 'problem'; text: string } | null>(null);
  const submit = async () => {
    try {
      onChange(await client.changePassword(current, password));
      setTold({ tone: 'calm', text: 'The password is changed. All other logins have ended.' });
    } catch (cause) {
      setTold({ tone: 'problem', text: explainProblem(toProblem(cause), 'watch') });
    }
    setCurrent('');
    setPassword('');
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
        Password
        <input
          type="password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          autoComplete="current-password"
          required
          data-testid="current"
        />
      </label>
      <label>
        New password
        <input
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="new-password"
          minLength={12}
          maxLength={256}
          required
          data-testid="new-password"
        />
      </label>
      <span className="hint">12 characters or more.</span>
      {told !== null && <Notice tone={told.tone}>{told.text}</Notice>}
      <button type="submit" data-testid="change-password">
        Change password
      </button>
    </form>
  );
}
