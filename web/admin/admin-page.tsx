import { useState } from 'react';
import type { SessionView } from '../../gateway/protocol/api.ts';
import { ApiClient } from '../core/api-client.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import type { SessionProblem } from '../core/problem.ts';
import { Notice } from '../ui/notice.tsx';
import { usePolled } from '../ui/use-polled.ts';
import { AdminApi } from './admin-api.ts';
import type { Overview, RoomHost } from './admin-api.ts';
import { explainAdminProblem } from './admin-words.ts';
import { Hosts } from './hosts.tsx';
import { IceSourcesTable } from './ice-sources-table.tsx';
import { LinkForm } from './link-form.tsx';
import { NodesTable, RoomsTable } from './overview-tables.tsx';
import { SessionsCard } from './sessions-card.tsx';
import '../styles/admin.css';

interface Reading {
  readonly overview: Overview | null;
  readonly problem: SessionProblem | null;
}

/** Rooms, hosts, sessions and media servers at a glance, and ready links for others. */
export function AdminPage({ token }: { readonly token: string }) {
  const [api] = useState(
    () => new AdminApi(new ApiClient(createBrowserPort(), { origin: location.origin, token })),
  );
  const [read] = useState(() => createReader(api));
  const { overview, problem } = usePolled(read, 2000) ?? nothingYet;
  const [outcome, setOutcome] = useState<string | null>(null);
  const kick = async ({ id, subject }: SessionView) => {
    const failure = await api.kick(id);
    setOutcome(failure === null ? `${subject} was removed.` : explainAdminProblem(failure));
  };
  const endControl = async (host: RoomHost) => {
    const failure = await api.endControl(host);
    setOutcome(failure === null ? 'Control was ended.' : explainAdminProblem(failure));
  };
  const probe = async () => {
    setOutcome('Trying the STUN and TURN servers.');
    const failure = await api.probeIceServers();
    setOutcome(failure === null ? 'All servers were tried.' : explainAdminProblem(failure));
  };
  const probeNodes = async () => {
    setOutcome('Trying the announced addresses.');
    const failure = await api.probeNodes();
    setOutcome(failure === null ? 'All addresses were tried.' : explainAdminProblem(failure));
  };
  return (
    <main className="page wide" data-testid="admin" data-state={stateOf(overview, problem)}>
      <title>Admin · PixelCast</title>
      <header className="page-header">
        <h1>Admin</h1>
        <p className="hint" role="status">
          {outcome}
        </p>
      </header>
      {problem !== null && <Notice tone="problem">{explainAdminProblem(problem)}</Notice>}
      {overview !== null && (
        <div className="stack">
          <RoomsTable rooms={overview.rooms} />
          <Hosts
            hosts={overview.hosts}
            readAtMs={overview.readAtMs}
            api={api.hosts}
            endControl={(host) => void endControl(host)}
          />
          <SessionsCard
            sessions={overview.sessions}
            nowMs={overview.readAtMs}
            diaries={api.diaries}
            onKick={(session) => void kick(session)}
          />
          {overview.nodes !== null && (
            <NodesTable nodes={overview.nodes} onProbe={() => void probeNodes()} />
          )}
          {overview.iceSources !== null && overview.iceSources.length > 0 && (
            <IceSourcesTable
              sources={overview.iceSources}
              nowMs={overview.readAtMs}
              onProbe={() => void probe()}
            />
          )}
          <LinkForm api={api} />
        </div>
      )}
    </main>
  );
}

const nothingYet: Reading = { overview: null, problem: null };

/** Keeps the last good overview on the page while the server cannot be reached. */
function createReader(api: AdminApi): () => Promise<Reading> {
  let last: Overview | null = null;
  return async () => {
    const result = await api.readOverview();
    if ('rooms' in result) {
      last = result;
      return { overview: result, problem: null };
    }
    return { overview: last, problem: result };
  };
}

function stateOf(overview: Overview | null, problem: SessionProblem | null): string {
  if (problem !== null) return overview === null ? 'failed' : 'stale';
  return overview === null ? 'loading' : 'ready';
}
