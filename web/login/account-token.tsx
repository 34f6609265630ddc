import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { createBrowserPort } from '../core/browser-port.ts';
import { MeClient } from '../core/me.ts';
import type { Observable } from '../core/observable.ts';
import { useObservable } from '../ui/use-observable.ts';
import { loginLink } from './next-page.ts';
import { PageToken } from './page-token.ts';
import '../styles/login.css';

/** A page that came without a token: with those of the account that is logged in, or a way to log in. */
export function AccountToken({
  room,
  children,
}: {
  readonly room: string;
  /** `renew` resolves with whether there is another token. */
  readonly children: (token: Observable<string>, renew: () => Promise<boolean>) => ReactNode;
}) {
  const [own] = useState(
    () => new PageToken(new MeClient(createBrowserPort(), location.origin), room),
  );
  const isAnswered = useObservable(own.isAnswered);
  const isKnown = useObservable(own.token) !== '';
  useEffect(() => own.start(), [own]);
  if (!isAnswered) return null;
  return (
    <>
      {children(own.token, own.renew)}
      {!isKnown && (
        <a
          className="login-link"
          href={loginLink(location.pathname + location.search)}
          data-testid="login-link"
        >
          Log in
        </a>
      )}
    </>
  );
}
