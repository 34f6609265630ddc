import { ApiProblem, problemIn } from './api-problem.ts';
import type { Fetch, FetchReply } from './fetch.ts';
import { fillPath } from './fill-path.ts';
import {
  isRaw,
  type BodyFor,
  type OperationTable,
  type ParamsFor,
  type QueryFor,
  type ReplyOf,
} from './operation.ts';

export interface ApiOptions {
  /** Origin of the gateway; '' is that of the page. */
  readonly baseUrl: string;
  /** May add a deadline of its own. */
  readonly fetch: Fetch;
  /** Sent as bearer token; a function is asked each time. */
  readonly token?: string | (() => string | undefined);
  /** Sent with each request, such as `X-CSRF-Token`. */
  readonly headers?: (operation: OperationTable) => Readonly<Record<string, string>>;
}

type Member<K extends string, V> = undefined extends V
  ? { readonly [key in K]?: undefined }
  : object extends V
    ? { readonly [key in K]?: V }
    : { readonly [key in K]: V };

/** What a call of an operation needs. */
export type CallInput<O extends OperationTable> = Member<'params', ParamsFor<O>> &
  Member<'query', QueryFor<O>> &
  Member<'body', BodyFor<O>> & {
    /** The ETag of what is changed, or `*`. */
    readonly ifMatch?: string;
  };

type CallArguments<O extends OperationTable> =
  object extends CallInput<O> ? [input?: CallInput<O>] : [input: CallInput<O>];

/** The answer, and the version of what it tells of; null where that has none. */
export interface Tagged<T> {
  readonly value: T;
  readonly etag: string | null;
}

/** The gateway's API by its own table of operations. */
export interface Api {
  /** The parsed answer; undefined without content. @throws ApiProblem */
  call<O extends OperationTable>(operation: O, ...input: CallArguments<O>): Promise<ReplyOf<O>>;
  /** The same with its ETag. @throws ApiProblem */
  read<O extends OperationTable>(
    operation: O,
    ...input: CallArguments<O>
  ): Promise<Tagged<ReplyOf<O>>>;
}

/** A client of the gateway at an address. What is not JSON it does not carry. */
export function createApi(options: ApiOptions): Api {
  const read: Api['read'] = async (operation, ...[input]) => {
    const reply = await request(options, operation, input ?? {});
    const etag = reply.headers.get('etag');
    if (operation.reply === null) return { value: undefined as never, etag };
    return { value: (await parsed(operation.reply, reply)) as never, etag };
  };
  return { read, call: async (...call) => (await read(...call)).value };
}

/** Every item of a list, page after page. @throws ApiProblem */
export async function* allItems<T>(
  list: (cursor: string | undefined) => Promise<{ items: readonly T[]; next: string | null }>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const { items, next } = await list(cursor);
    yield* items;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}

interface AnyInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly ifMatch?: string;
}

async function request(
  { baseUrl, fetch, token, headers }: ApiOptions,
  operation: OperationTable,
  { params, query, body, ifMatch }: AnyInput,
): Promise<FetchReply> {
  const bearer = typeof token === 'function' ? token() : token;
  const url = baseUrl + fillPath(operation.path, params) + queryOf(query);
  const init = {
    method: operation.method,
    headers: {
      Accept: 'application/json, application/problem+json',
      ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
      ...headers?.(operation),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  let reply: FetchReply;
  try {
    reply = await fetch(url, init);
  } catch (cause) {
    throw new ApiProblem('unreachable', 'The gateway does not answer.', { cause });
  }
  if (!reply.ok) throw await problemIn(reply);
  return reply;
}

async function parsed(schema: NonNullable<OperationTable['reply']>, reply: FetchReply) {
  if (isRaw(schema)) throw new ApiProblem('unreadable', 'This is no JSON: fetch it as it is.');
  const body = await reply.json().catch(() => undefined);
  const answer = schema.safeParse(body);
  if (answer.success) return answer.data;
  throw new ApiProblem('unreadable', 'The answer is not one of this API.', {
    status: reply.status,
    cause: answer.error,
  });
}

type QueryValue = string | number | boolean | undefined;

function queryOf(query: unknown): string {
  const given = Object.entries((query ?? {}) as Record<string, QueryValue>);
  const pairs = given.flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
