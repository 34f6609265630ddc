import type { z } from 'zod';
import { isRaw, successOf, type OperationTable } from '../../protocol/api/operation.ts';
import { Problem, type ProblemCode } from '../../protocol/problem.ts';
import { statusOf, titleOf } from '../problem.ts';
import { NamedSchemas, type JsonSchema } from './json-schema.ts';
import { plainPaths } from './plain-paths.ts';

/** An OpenAPI 3.1 document, as far as it is read again. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: Readonly<Record<string, unknown>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly [member: string]: unknown;
}

/** The document of a table of operations: from the very schemas that requests are read by. */
export function openApi(
  operations: readonly OperationTable[],
  { version }: { readonly version: string },
): OpenApiDocument {
  const schemas = new NamedSchemas();
  const problem = schemas.output(Problem);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) {
    for (const { path, names, suffix } of plainPaths(operation.path)) {
      const methods = (paths[path] ??= {});
      const method = operation.method.toLowerCase();
      if (methods[method] !== undefined) throw new Error(`${method} ${path} is there twice`);
      methods[method] = {
        operationId: operation.id + suffix,
        ...describe(operation),
        parameters: parametersOf(operation, names, schemas),
        ...requestBodyOf(operation, schemas),
        responses: { ...answerOf(operation, schemas), ...problemsOf(operation, problem) },
      };
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'PixelCast',
      version,
      summary: 'A WHIP/WHEP media gateway in front of SRS',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: { schemas: schemas.all(), securitySchemes: SECURITY },
  };
}

const SECURITY = {
  token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  password: { type: 'http', scheme: 'basic' },
  login: {
    type: 'apiKey',
    in: 'cookie',
    name: 'pixelcast',
    description: '`__Host-pixelcast` with HTTPS. Writes need the header `X-CSRF-Token` as well.',
  },
};

function describe({ tag, summary, description, access }: OperationTable): JsonSchema {
  const right = RIGHTS[access];
  return {
    tags: [tag],
    summary,
    description: [description, right].filter((part) => part !== undefined).join(' '),
    'x-access': access,
    security: access === 'open' ? [] : [{ token: [] }, { password: [] }, { login: [] }],
  };
}

const RIGHTS: Readonly<Record<OperationTable['access'], string | undefined>> = {
  open: undefined,
  look: 'For whoever has any right there.',
  publish: 'For whoever may `publish` there.',
  watch: 'For whoever may `watch` there.',
  host: 'For whoever may `host` there, and operators of the room.',
  operate: 'For operators of the room, and administrators.',
  admin: 'For administrators of the room.',
  'global-admin': 'For administrators of the gateway.',
};

function parametersOf(
  { params, query, etag, method }: OperationTable,
  names: readonly string[],
  schemas: NamedSchemas,
): readonly JsonSchema[] {
  const inPath = names.map((name) => {
    const schema = params?.shape[name] as z.ZodType | undefined;
    if (schema === undefined) throw new Error(`params: ${name} is missing`);
    return { name, in: 'path', required: true, schema: schemas.input(schema) };
  });
  const asked = query === undefined ? {} : schemas.input(query);
  const required = (asked['required'] ?? []) as readonly string[];
  const inQuery = Object.entries((asked['properties'] ?? {}) as Record<string, JsonSchema>).map(
    ([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }),
  );
  const needsMatch = etag === true && method !== 'GET' && method !== 'POST';
  return [...inPath, ...inQuery, ...(needsMatch ? [IF_MATCH] : [])];
}

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'The ETag of what is changed, or `*`.',
  schema: { type: 'string' },
};

function requestBodyOf({ body }: OperationTable, schemas: NamedSchemas): JsonSchema {
  if (body === undefined) return {};
  const content = isRaw(body)
    ? rawContent(body.media)
    : { 'application/json': { schema: schemas.input(body) } };
  return { requestBody: { required: true, content } };
}

function answerOf(operation: OperationTable, schemas: NamedSchemas): JsonSchema {
  const { reply, summary, etag } = operation;
  const headers = etag === true ? { headers: { ETag: { schema: { type: 'string' } } } } : {};
  const content =
    reply === null
      ? {}
      : {
          content: isRaw(reply)
            ? rawContent(reply.media)
            : { 'application/json': { schema: schemas.output(reply) } },
        };
  return { [successOf(operation)]: { description: summary, ...headers, ...content } };
}

const rawContent = (media: readonly string[]): JsonSchema =>
  Object.fromEntries(media.map((type) => [type, { schema: { type: 'string' } }]));

function problemsOf(operation: OperationTable, schema: JsonSchema): JsonSchema {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...impliedProblems(operation), ...(operation.errors ?? [])])) {
    const status = statusOf(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: codes.map((code) => `${titleOf(code)} (\`${code}\`)`).join(', '),
      content: { 'application/problem+json': { schema } },
    },
  ]);
  return Object.fromEntries(responses) as JsonSchema;
}

/** What may be answered by what an operation is. */
function* impliedProblems(operation: OperationTable): Iterable<ProblemCode> {
  const { access, params, query, body, etag, method } = operation;
  const hasSchema = query !== undefined || (body !== undefined && !isRaw(body));
  if (hasSchema) yield 'bad-request';
  if (access !== 'open') {
    yield* ['token-missing', 'token-invalid', 'token-expired', 'token-revoked'] as const;
    yield 'scope-insufficient';
  }
  if (params !== undefined && Object.keys(params.shape).length > 0) yield 'not-found';
  if (body !== undefined) yield 'body-too-large';
  if (body !== undefined && isRaw(body)) yield 'media-type-unsupported';
  if (etag === true && method !== 'GET' && method !== 'POST') {
    yield* ['precondition-failed', 'precondition-required'] as const;
  }
  yield 'rate-limited';
}
