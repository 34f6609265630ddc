import type { ModelReply, ModelRequest, Resource } from './message.ts';
import type { Flaw } from './model-server.ts';
import type { ModelRoom } from './room.ts';

type Change = (reply: ModelReply, request: ModelRequest, room: ModelRoom) => void;

/** Which replies a flaw is about. */
export interface Where {
  readonly at: Resource;
  readonly method?: string;
  readonly status?: number;
  readonly if?: (request: ModelRequest, room: ModelRoom) => boolean;
}

/** Changes the replies of one resource, method and status. */
export function replies(where: Where, change: Change): Flaw {
  return {
    reply: (reply, request, room) => {
      const { at, method, status } = where;
      if (request.resource !== at) return;
      if (method !== undefined && request.method !== method) return;
      if (status !== undefined && reply.status !== status) return;
      if (where.if?.(request, room) !== false) change(reply, request, room);
    },
  };
}

/** Reads requests of one resource and method for others than they are. */
export function requests(
  where: Where,
  change: (request: ModelRequest, room: ModelRoom) => void,
): Flaw {
  return {
    request: (request, room) => {
      const { at, method } = where;
      if (request.resource !== at) return;
      if (method !== undefined && request.method !== method) return;
      if (where.if?.(request, room) !== false) change(request, room);
    },
  };
}

/** Another status, also in the problem document. */
export const status =
  (code: number): Change =>
  (reply) => {
    reply.body = reply.body.replace(`"status":${reply.status}`, `"status":${code}`);
    reply.status = code;
  };

export const header =
  (name: string, value: string): Change =>
  (reply) => {
    reply.headers[name] = value;
  };

export const without =
  (...names: readonly string[]): Change =>
  (reply) => {
    for (const name of names) Reflect.deleteProperty(reply.headers, name);
  };

/** Another text in the body. */
export const body =
  (from: string | RegExp, to: string): Change =>
  (reply) => {
    reply.body = reply.body.replaceAll(from, to);
  };

/** Another order or number of m-lines. */
export const sections =
  (change: (all: readonly string[]) => readonly string[]): Change =>
  (reply) => {
    const [session = '', ...all] = reply.body.split(/^(?=m=)/m);
    reply.body = session + change(all).join('');
  };

export const isPreflight = ({ headers }: ModelRequest): boolean =>
  'access-control-request-method' in headers;
