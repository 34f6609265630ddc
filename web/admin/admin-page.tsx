import { useEffect, useState } from 'react';
import { getMe } from '../../gateway/protocol/api/login.ts';
import type { SessionProblem } from '../core/problem.ts';
import { useObservable } from '../ui/use-observable.ts';
import { ConsoleContext } from './console-context.ts';
import { ConsolePage } from './console-page.tsx';
import { parseConsoleRoute } from './console-route.ts';
import { createConsole } from './console.ts';
import type { Console } from './console.ts';
import { Account } from './parts/account.tsx';
import { Entrance } from './parts/entrance.tsx';
import { Shell } from './parts/shell.tsx';
import '../styles/admin.css';
import '../styles/admin-parts.css';

/** The console of whoever operates this gateway. */
export function AdminPage({ token }: { readonly token: string }) {
  const [console] = useState(() => createConsole(token));
  const [problem, enter] = useEntry(console);
  const { pathname } = useObservable(console.history.address);
  const me = useObservable(console.me);
  const route = parseConsoleRoute(pathname);
  useEffect(() => console.history.follow(), [console]);
  if (me === null) return <Entrance problem={problem} onAgain={enter} />;
  return (
    <ConsoleContext value={console}>
      <Shell current={route?.page ?? null} account={<Account me={me} />}>
        <ConsolePage key={pathname} route={route} />
      </Shell>
    </ConsoleContext>
  );
}

/** Asks who one is, and listens to news from then on. */
function useEntry(console: Console): readonly [SessionProblem | null, () => void] {
  const [problem, setProblem] = useState<SessionProblem | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let stop: (() => void) | null = null;
    let isLeft = false;
    console.api.call(getMe).then(
      (me) => {
        if (isLeft) return;
        console.me.set(me);
        stop = console.news.start();
      },
      (cause: unknown) => setProblem(console.explain(cause)),
    );
    return () => {
      isLeft = true;
      stop?.();
    };
  }, [console, attempt]);
  const again = () => {
    setProblem(null);
    setAttempt(attempt + 1);
  };
  return [problem, again];
}
