import type { HostView, Tuning } from '../../gateway/protocol/host.ts';
import { toProblem } from './api-client.ts';
import type { ApiClient } from './api-client.ts';
import type { SessionProblem } from './problem.ts';

/** One source's host. */
export interface HostPlace {
  readonly room: string;
  readonly source: string;
}

/** What the gateway knows of hosts, for tokens with `host` or `admin`. */
export class HostApi {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** The hosts of a room; throws {@link SessionError}. */
  readRoom(room: string): Promise<readonly HostView[]> {
    return this.#client.items<HostView>(`rooms/${room}/hosts`);
  }

  /** One of them; null where there is none, or none can be told of. */
  async read({ room, source }: HostPlace): Promise<HostView | null> {
    try {
      const response = await this.#client.request(pathOf({ room, source }), { method: 'GET' });
      return (await response.json()) as HostView;
    } catch {
      return null;
    }
  }

  /** Fixes what `tuning` names; null once the host has taken it, else why not. */
  async tune(place: HostPlace, tuning: Tuning): Promise<SessionProblem | null> {
    try {
      await this.#client.request(pathOf(place), { method: 'PATCH', body: tuning });
      return null;
    } catch (cause) {
      return toProblem(cause);
    }
  }
}

function pathOf({ room, source }: HostPlace): string {
  return `rooms/${room}/hosts/${source}`;
}
