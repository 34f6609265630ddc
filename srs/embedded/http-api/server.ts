import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Edge } from '../edge.ts';
import type { Log } from '../log.ts';
import type { Sessions } from '../sessions.ts';
import { SrsError } from '../srs-error.ts';
import { toApiRequest, type ApiRequest } from './api-request.ts';
import { checkLogin, type Login } from './basic-auth.ts';
import type { JsonApi } from './json-api.ts';
import { answer, cut, failure, redirect, type Reply } from './reply.ts';
import { handleWhip } from './whip.ts';

export interface ApiServerParts {
  readonly edge: Edge;
  readonly login: Login | null;
  readonly sessions: Sessions;
  readonly jsonApi: JsonApi;
  readonly log: Log;
}

const WHIP_PATHS = ['/rtc/v1/whip/', '/rtc/v1/whep/', '/rtc/v1/whip-play/'] as const;
const WITHOUT_SLASH =
  /^\/(rtc\/v1\/(whip|whep|whip-play)|api|api\/v1(\/(vhosts|streams|clients))?)$/;

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Allow-Methods': '*',
  'Access-Control-Expose-Headers': '*',
  'Access-Control-Allow-Credentials': 'false',
  'Access-Control-Request-Private-Network': 'true',
} as const;

/** SRS's HTTP port, not yet listening: WHIP, WHEP, the JSON API and the metrics. */
export function createApiServer(parts: ApiServerParts): Server {
  const limits = {
    // SRS takes any length; tokens in a query can be long.
    maxHeaderSize: 64 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    connectionsCheckingInterval: 2_000,
  };
  const server = createServer(limits, (http, response) => {
    const request = toApiRequest(http);
    void replyTo(request, parts).then((reply) =>
      send(reply, request, { response, edge: parts.edge }),
    );
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}

/** Never rejects. */
async function replyTo(request: ApiRequest, parts: ApiServerParts): Promise<Reply> {
  try {
    return await route(request, parts);
  } catch (error) {
    if (request.http.socket.destroyed) return cut;
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof SrsError) {
      parts.log.info({ path: request.path, code: error.code, reason }, 'request refused');
    } else {
      parts.log.error({ path: request.path, err: error }, 'request failed');
    }
    return parts.edge.failures === 'close' ? cut : failure(error);
  }
}

/** In SRS's order: CORS preflight, login, then the path. */
async function route(
  request: ApiRequest,
  { login, sessions, jsonApi }: ApiServerParts,
): Promise<Reply> {
  const { method, path, rawQuery } = request;
  if (method === 'OPTIONS') return answer(200);

  const auth = checkLogin(path, request.http.headers.authorization ?? '', login);
  if (!auth.allowed) return answer(401, auth.challenge ? { 'WWW-Authenticate': 'Basic' } : {});

  // "not canonical": all lines of SRS close without an answer here.
  if (request.url.includes('..')) return cut;
  if (WHIP_PATHS.some((whip) => path.startsWith(whip))) return handleWhip(request, sessions);
  if (WITHOUT_SLASH.test(path)) return redirect(`${path}/${rawQuery === '' ? '' : `?${rawQuery}`}`);
  return jsonApi.reply(request);
}

function send(
  reply: Reply,
  { http }: { readonly http: IncomingMessage },
  { response, edge }: { readonly response: ServerResponse; readonly edge: Edge },
): void {
  if (reply.kind === 'cut') {
    http.socket.destroy();
    return;
  }
  response.writeHead(reply.status, {
    Connection: 'Close',
    ...(http.headers.origin === undefined ? {} : CORS),
    ...reply.headers,
    'Content-Length': Buffer.byteLength(reply.body),
    Server: edge.signature,
  });
  response.end(reply.body);
}
