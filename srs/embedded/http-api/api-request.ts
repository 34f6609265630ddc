import type { IncomingMessage } from 'node:http';
import { parseQuery } from './query.ts';

/** A request with its URL cut into what SRS looks at. */
export interface ApiRequest {
  readonly http: IncomingMessage;
  readonly method: string;
  readonly url: string;
  readonly path: string;
  /** Everything behind the first question mark, as received. */
  readonly rawQuery: string;
  readonly query: ReadonlyMap<string, string>;
}

export function toApiRequest(http: IncomingMessage): ApiRequest {
  const url = http.url ?? '/';
  const mark = url.indexOf('?');
  const rawQuery = mark < 0 ? '' : url.slice(mark + 1);
  return {
    http,
    method: http.method ?? 'GET',
    url,
    path: mark < 0 ? url : url.slice(0, mark),
    rawQuery,
    query: parseQuery(rawQuery),
  };
}
