import { HookReceiver } from './hook-receiver.ts';
import { callSrs } from './srs-http.ts';
import { traitsOfSrs, type SrsTarget } from './srs-target.ts';

/** Where the tested SRS sends its hooks is fixed by its configuration: listen there. */
const HOOKS_LISTEN = process.env['SRS_HOOKS_LISTEN'] ?? '127.0.0.1:8085';

/** The servers named in `SRS_NODES`, as `http://[user:password@]host:port`. */
export function namedSrsNodes(): string[] {
  return (process.env['SRS_NODES'] ?? '').split(',').filter((node) => node !== '');
}

/** A running SRS, its sessions swept after 30 to 35 s, known by the version it tells. */
export async function openSrsNode(node: string): Promise<SrsTarget> {
  const url = new URL(node);
  const login = url.username === '' ? null : `${url.username}:${decodeURIComponent(url.password)}`;
  const { body } = await callSrs(url.origin, '/api/v1/versions', { login });
  const { data } = JSON.parse(body) as { data: { major: number; revision: number } };
  const hooks = new HookReceiver();
  const [host, port] = HOOKS_LISTEN.split(':');
  await hooks.open(host, Number(port));
  return {
    origin: url.origin,
    login,
    hooks,
    traits: traitsOfSrs(data.major, data.revision),
    inactivityMs: 30_000,
    sweepMs: 5_000,
    restart: null,
    close: () => hooks.close(),
  };
}
