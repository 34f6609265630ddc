import type {
  NodeView,
  RoomView,
  SessionView,
  TokenReply,
  TokenRequest,
} from '../../gateway/protocol/api.ts';
import type { IceSourceView } from '../../gateway/protocol/ice-sources.ts';
import type { HostView } from '../../gateway/protocol/host.ts';
import { toProblem } from '../core/api-client.ts';
import type { ApiClient } from '../core/api-client.ts';
import { ControlApi } from '../core/control-api.ts';
import type { ControlReport } from '../core/control-api.ts';
import { DiaryApi } from '../core/diary-api.ts';
import { HostApi } from '../core/host-api.ts';
import type { SessionProblem } from '../core/problem.ts';
import { driversOf } from '../watch/control/standing.ts';

/** A host and where it is. */
export interface RoomHost {
  readonly room: string;
  readonly view: HostView;
  /** Null where nothing can be controlled, or nothing is told. */
  readonly control: ControlReport | null;
}

/** Everything the admin page shows, read at one time. */
export interface Overview {
  readonly rooms: readonly RoomView[];
  readonly hosts: readonly RoomHost[];
  readonly sessions: readonly SessionView[];
  /** null for the admin of some rooms only, who may not see them. */
  readonly nodes: readonly NodeView[] | null;
  /** Sources of STUN and TURN servers; null as for `nodes`. */
  readonly iceSources: readonly IceSourceView[] | null;
  /** When it was asked for. */
  readonly readAtMs: number;
}

/** The token request as JSON; the gateway checks the names. */
export type TokenWish = Pick<TokenRequest, 'sub' | 'can' | 'ttlSeconds'> & {
  readonly room: string;
  readonly sources?: readonly string[];
};

/** The gateway's admin API. */
export class AdminApi {
  readonly hosts: HostApi;
  readonly control: ControlApi;
  readonly diaries: DiaryApi;
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
    this.hosts = new HostApi(client);
    this.control = new ControlApi(client);
    this.diaries = new DiaryApi(client);
  }

  /** Rooms, hosts, sessions and nodes, or why they cannot be had. */
  async readOverview(): Promise<Overview | SessionProblem> {
    const readAtMs = Date.now();
    try {
      const [rooms, sessions, nodes, iceSources] = await Promise.all([
        this.#client.items<RoomView>('rooms'),
        this.#client.items<SessionView>('sessions'),
        this.#readOrNull<NodeView>('nodes'),
        this.#readOrNull<IceSourceView>('ice-sources'),
      ]);
      const hosts = await this.#readHosts(rooms);
      return { rooms, hosts, sessions, nodes, iceSources, readAtMs };
    } catch (cause) {
      return toProblem(cause);
    }
  }

  /** Ends somebody's session; null when it is done. */
  async kick(sessionId: string): Promise<SessionProblem | null> {
    try {
      await this.#client.request(`sessions/${encodeURIComponent(sessionId)}`, { method: 'DELETE' });
      return null;
    } catch (cause) {
      return toProblem(cause);
    }
  }

  /** Ends control of a host, whoever has it; null when it is done. */
  async endControl({ room, view, control }: RoomHost): Promise<SessionProblem | null> {
    const drivers = control === null ? [] : driversOf(control.state, 0);
    for (const { viewer } of drivers) {
      const problem = await this.control.end({ room, source: view.source }, viewer);
      if (problem !== null) return problem;
    }
    return null;
  }

  /** Has every STUN and TURN server tried from the gateway; null when it is done. */
  probeIceServers(): Promise<SessionProblem | null> {
    return this.#post('ice-sources/probe');
  }

  /** Has every announced media address tried from the gateway; null when it is done. */
  probeNodes(): Promise<SessionProblem | null> {
    return this.#post('nodes/probe');
  }

  /** A new token; throws {@link SessionError}. */
  async mintToken(wish: TokenWish): Promise<TokenReply> {
    const response = await this.#client.request('tokens', { method: 'POST', body: wish });
    return (await response.json()) as TokenReply;
  }

  async #post(path: string): Promise<SessionProblem | null> {
    try {
      await this.#client.request(path, { method: 'POST' });
      return null;
    } catch (cause) {
      return toProblem(cause);
    }
  }

  /** What only an administrator of the whole gateway may see. */
  async #readOrNull<T>(collection: string): Promise<readonly T[] | null> {
    try {
      return await this.#client.items<T>(collection);
    } catch (cause) {
      if (toProblem(cause).code === 'scope-insufficient') return null;
      throw cause;
    }
  }

  async #readHosts(rooms: readonly RoomView[]): Promise<readonly RoomHost[]> {
    const served = rooms.filter(({ hosts }) => hosts !== undefined && hosts.length > 0);
    const hosts = await Promise.all(
      served.map(async ({ room }) => {
        const views = await this.hosts.readRoom(room);
        return Promise.all(views.map((view) => this.#readHost(room, view)));
      }),
    );
    return hosts.flat();
  }

  async #readHost(room: string, view: HostView): Promise<RoomHost> {
    const isControlled = view.capabilities.devices.length > 0;
    const control = isControlled ? await this.control.read({ room, source: view.source }) : null;
    return { room, view, control };
  }
}
