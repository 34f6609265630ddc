import { Suspense, lazy, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { TokenSource } from './core/token-source.ts';
import { EmbeddedPage } from './embed/embedded-page.tsx';
import type { EmbedBridge } from './embed/embed-bridge.ts';
import { LandingPage } from './landing/landing-page.tsx';
import { parseInvitationCode, parseLinkFragment } from './link-fragment.ts';
import type { LinkFragment } from './link-fragment.ts';
import { AccountToken } from './login/account-token.tsx';
import { parsePageRoute } from './page-route.ts';
import type { PageRoute } from './page-route.ts';
import { Notice } from './ui/notice.tsx';

const SharePage = lazy(async () => ({
  default: (await import('./share/share-page.tsx')).SharePage,
}));
const CameraPage = lazy(async () => ({
  default: (await import('./camera/camera-page.tsx')).CameraPage,
}));
const WatchPage = lazy(async () => ({
  default: (await import('./watch/watch-page.tsx')).WatchPage,
}));
const LoginPage = lazy(async () => ({
  default: (await import('./login/login-page.tsx')).LoginPage,
}));
const InvitePage = lazy(async () => ({
  default: (await import('./login/invite-page.tsx')).InvitePage,
}));
const DiagnosePage = lazy(async () => ({
  default: (await import('./diagnose/diagnose-page.tsx')).DiagnosePage,
}));
const RecordingsPage = lazy(async () => ({
  default: (await import('./recordings/recordings-page.tsx')).RecordingsPage,
}));
const RecordingPage = lazy(async () => ({
  default: (await import('./recordings/recording-page.tsx')).RecordingPage,
}));
const AdminPage = lazy(async () => ({
  default: (await import('./admin/admin-page.tsx')).AdminPage,
}));

interface AppProps {
  /** To the page around; null where this one stands alone. */
  readonly bridge: EmbedBridge | null;
  /** Whether the watch page offers control. */
  readonly control: boolean;
}

/** The page that the address names; another token in the fragment starts it afresh. */
export function App(props: AppProps) {
  const hash = useSyncExternalStore(onHashChange, () => location.hash);
  const route = parsePageRoute(location.pathname, location.search);
  return (
    <Suspense fallback={null}>
      <Page key={hash} route={route} fragment={parseLinkFragment(hash)} {...props} />
    </Suspense>
  );
}

function Page({
  route,
  fragment,
  bridge,
  control,
}: AppProps & { readonly route: PageRoute; readonly fragment: LinkFragment }) {
  switch (route.page) {
    case 'landing':
      return <LandingPage />;
    case 'admin':
      return <AdminPage token={fragment.token} />;
    case 'diagnose':
      return <DiagnosePage {...route} token={fragment.token} />;
    case 'login':
      return <LoginPage />;
    case 'invite':
      return <InvitePage code={parseInvitationCode(location.hash)} />;
    case 'recordings':
      return <RecordingsPage token={fragment.token} />;
    case 'recording':
      return <RecordingPage id={route.id} token={fragment.token} />;
    case 'share':
      return byToken(fragment, route.room, (given) => (
        <SharePage key={keyOf(given.token)} {...route} {...fragment} {...given} />
      ));
    case 'camera':
      return byToken(fragment, route.room, (given) => (
        <CameraPage key={keyOf(given.token)} {...route} {...fragment} {...given} />
      ));
    case 'watch':
      return bridge === null ? (
        byToken(fragment, route.room, (given) => (
          <WatchPage
            key={keyOf(given.token)}
            {...route}
            {...given}
            control={control}
            bridge={null}
          />
        ))
      ) : (
        <EmbeddedPage bridge={bridge}>
          {(token) => (
            <WatchPage key={token} {...route} token={token} control={control} bridge={bridge} />
          )}
        </EmbeddedPage>
      );
    case 'unknown':
      return <UnknownPage />;
    default:
      return route satisfies never;
  }
}

/** A page with the token of its link, else with one of the account that is logged in. */
const byToken = (
  { token }: LinkFragment,
  room: string,
  page: (given: {
    readonly token: TokenSource;
    readonly renewToken?: () => Promise<boolean>;
  }) => ReactNode,
): ReactNode =>
  token === '' ? (
    <AccountToken room={room}>{(own, renewToken) => page({ token: own, renewToken })}</AccountToken>
  ) : (
    page({ token })
  );

/** Another token of a link is another page; one that is renewed is not. */
const keyOf = (token: TokenSource): string => (typeof token === 'string' ? token : 'account');

function UnknownPage() {
  return (
    <main className="page narrow" data-testid="unknown">
      <title>Not found · PixelCast</title>
      <h1>There is no such page</h1>
      <Notice tone="problem">
        Check the link: a room’s name has up to 64 letters, digits, “_” and “-”.
      </Notice>
      <p>
        <a href="/">To the start page</a>
      </p>
    </main>
  );
}

function onHashChange(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
