import type { ControlState, Rank, ViewerId } from '../../gateway/protocol/control.ts';
import { toProblem } from './api-client.ts';
import type { ApiClient } from './api-client.ts';
import type { HostPlace } from './host-api.ts';
import type { SessionProblem } from './problem.ts';

/** Who controls one host and who is there, as admins of its room read it. */
export interface ControlReport {
  readonly state: ControlState;
  readonly people: readonly {
    readonly viewer: ViewerId;
    readonly name: string;
    readonly rank: Rank;
  }[];
}

/** Control of hosts by HTTP, for tokens with `admin`. */
export class ControlApi {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** Null where there is nothing to control, or nothing can be told. */
  async read(place: HostPlace): Promise<ControlReport | null> {
    try {
      const response = await this.#client.request(pathOf(place), { method: 'GET' });
      return (await response.json()) as ControlReport;
    } catch {
      return null;
    }
  }

  /** Ends what a viewer holds; null when it is done, else why not. */
  async end(place: HostPlace, viewer: string): Promise<SessionProblem | null> {
    try {
      const body = { action: 'release', viewer };
      await this.#client.request(pathOf(place), { method: 'POST', body });
      return null;
    } catch (cause) {
      return toProblem(cause);
    }
  }
}

function pathOf({ room, source }: HostPlace): string {
  return `rooms/${room}/hosts/${source}/control`;
}
