import type { ConsoleRoute } from './console-route.ts';
import { consolePath } from './console-route.ts';
import { PageFrame } from './parts/page-frame.tsx';
import { PageLink } from './parts/page-link.tsx';
import { AuditPage } from './pages/audit-page.tsx';
import { ContainerPage } from './pages/container-page.tsx';
import { ContainersPage } from './pages/containers-page.tsx';
import { HostsPage } from './pages/hosts-page.tsx';
import { IcePage } from './pages/ice-page.tsx';
import { InvitationsPage } from './pages/invitations-page.tsx';
import { NodePage } from './pages/node-page.tsx';
import { NodesPage } from './pages/nodes-page.tsx';
import { OverviewPage } from './pages/overview-page.tsx';
import { RecordingsPage } from './pages/recordings-page.tsx';
import { RoomPage } from './pages/room-page.tsx';
import { RoomsPage } from './pages/rooms-page.tsx';
import { SessionPage } from './pages/session-page.tsx';
import { SessionsPage } from './pages/sessions-page.tsx';
import { SettingsPage } from './pages/settings-page.tsx';
import { TokensPage } from './pages/tokens-page.tsx';
import { UsersPage } from './pages/users-page.tsx';
import { WebhookPage } from './pages/webhook-page.tsx';
import { WebhooksPage } from './pages/webhooks-page.tsx';

/** The page that the address names. */
export function ConsolePage({ route }: { readonly route: ConsoleRoute | null }) {
  if (route === null) return <UnknownPage />;
  const { page, item } = route;
  switch (page) {
    case 'overview':
      return <OverviewPage />;
    case 'rooms':
      return item === null ? <RoomsPage /> : <RoomPage name={item} />;
    case 'sessions':
      return item === null ? <SessionsPage /> : <SessionPage id={item} />;
    case 'hosts':
      return <HostsPage />;
    case 'nodes':
      return item === null ? <NodesPage /> : <NodePage name={item} />;
    case 'containers':
      return item === null ? <ContainersPage /> : <ContainerPage name={item} />;
    case 'ice':
      return <IcePage />;
    case 'recordings':
      return <RecordingsPage />;
    case 'webhooks':
      return item === null ? <WebhooksPage /> : <WebhookPage id={item} />;
    case 'audit':
      return <AuditPage />;
    case 'settings':
      return <SettingsPage />;
    case 'tokens':
      return <TokensPage />;
    case 'invitations':
      return <InvitationsPage />;
    case 'users':
      return <UsersPage />;
    default:
      return page satisfies never;
  }
}

function UnknownPage() {
  return (
    <PageFrame title="There is no such page" testId="unknown" state="failed">
      <p>
        <PageLink to={consolePath('overview')}>To the overview</PageLink>
      </p>
    </PageFrame>
  );
}
