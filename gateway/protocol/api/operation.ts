import type { z } from 'zod';
import type { ProblemCode } from '../problem.ts';

/**
 * Who may call an operation: anybody (`open`); whoever has any grant of the path's `:room` (`look`);
 * whoever may do an action with the path's `:source` there; administers the whole gateway. Without a
 * `:room` in the path, `look`, `operate` and `admin` ask for a grant, or the action, in any room: the
 * operation itself holds every room that it touches against the grant.
 */
export type Access =
  'open' | 'look' | 'publish' | 'watch' | 'host' | 'operate' | 'admin' | 'global-admin';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A body that is not JSON, by its media types. The operation reads or writes it itself. */
export interface RawBody {
  readonly media: readonly [string, ...string[]];
}

/** One request of the API and its answer: what server, client, document and tests are made from. */
export interface OperationTable {
  /** Unique; a verb and a noun. */
  readonly id: string;
  readonly method: Method;
  /** With `:name` for what stands in `params`. */
  readonly path: `/${string}`;
  readonly tag: string;
  /** One sentence without its full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** A schema is read as JSON of at most 16 KiB. */
  readonly body?: z.ZodType | RawBody;
  /** Null: no content. */
  readonly reply: z.ZodType | RawBody | null;
  /** 204 without a reply, else 200, unless said otherwise. */
  readonly status?: number;
  /**
   * The thing has a version: it is answered as `ETag`; PUT, PATCH and DELETE need `If-Match` (428
   * without it, 412 when somebody else was faster).
   */
  readonly etag?: boolean;
  /** What it may answer beside what follows from access, schemas and budgets. */
  readonly errors?: readonly ProblemCode[];
}

/** One row of the table, with its types as they are written. */
export const operation = <const O extends OperationTable>(row: O): O => row;

/** Whether a body or reply is something else than JSON. */
export const isRaw = (body: z.ZodType | RawBody): body is RawBody => 'media' in body;

/** The status of an answer that went well. */
export const successOf = ({ status, reply }: OperationTable): number =>
  status ?? (reply === null ? 204 : 200);

type Given<O, K extends keyof OperationTable> = K extends keyof O ? O[K] : undefined;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
type Input<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What the server reads. */
export type ParamsOf<O extends OperationTable> = Output<Given<O, 'params'>>;
export type QueryOf<O extends OperationTable> = Output<Given<O, 'query'>>;
export type BodyOf<O extends OperationTable> = Output<Given<O, 'body'>>;
export type ReplyOf<O extends OperationTable> = Output<O['reply']>;

/** What a client writes. */
export type ParamsFor<O extends OperationTable> = Input<Given<O, 'params'>>;
export type QueryFor<O extends OperationTable> = Input<Given<O, 'query'>>;
export type BodyFor<O extends OperationTable> = Input<Given<O, 'body'>>;
