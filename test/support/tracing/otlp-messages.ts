/** A span as a collector received it. */
export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** '' of a root. */
  readonly parentId: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly failed: boolean;
}

/** Spans and resource attributes of one export request. */
export interface SentBatch {
  readonly spans: readonly SentSpan[];
  readonly resource: Readonly<Record<string, string>>;
}

interface JsonPair {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface JsonRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly JsonPair[] };
    readonly scopeSpans: readonly { readonly spans: readonly JsonSpan[] }[];
  }[];
}

interface JsonSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly JsonPair[];
  readonly status?: { readonly code?: number };
}

/** `ExportTraceServiceRequest` in JSON. */
export function readJson(body: Buffer): SentBatch[] {
  const { resourceSpans } = JSON.parse(body.toString()) as JsonRequest;
  const plain = (pairs: readonly JsonPair[]): Record<string, string> =>
    Object.fromEntries(pairs.map(({ key, value }) => [key, String(Object.values(value)[0])]));
  return resourceSpans.map(({ resource, scopeSpans }) => ({
    resource: plain(resource.attributes),
    spans: scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentId: span.parentSpanId ?? '',
        name: span.name,
        attributes: plain(span.attributes),
        failed: span.status?.code === 2,
      })),
    ),
  }));
}

/** Field numbers of opentelemetry/proto/trace/v1/trace.proto. */
const RESOURCE_SPANS = 1;
const RESOURCE = 1;
const SCOPE_SPANS = 2;
const SPANS = 2;
const SPAN = { traceId: 1, spanId: 2, parentId: 4, name: 5, attributes: 9, status: 15 } as const;
const STATUS_CODE = 3;

/** The same in protobuf. */
export function readProtobuf(body: Buffer): SentBatch[] {
  return bytesOf(fieldsOf(body), RESOURCE_SPANS).map((batch) => {
    const fields = fieldsOf(batch);
    const [resource = Buffer.alloc(0)] = bytesOf(fields, RESOURCE);
    return {
      resource: attributesOf(fieldsOf(resource), 1),
      spans: bytesOf(fields, SCOPE_SPANS)
        .flatMap((scope) => bytesOf(fieldsOf(scope), SPANS))
        .map(readSpan),
    };
  });
}

function readSpan(bytes: Buffer): SentSpan {
  const fields = fieldsOf(bytes);
  const hex = (id: number): string => bytesOf(fields, id)[0]?.toString('hex') ?? '';
  const [status = Buffer.alloc(0)] = bytesOf(fields, SPAN.status);
  return {
    traceId: hex(SPAN.traceId),
    spanId: hex(SPAN.spanId),
    parentId: hex(SPAN.parentId),
    name: bytesOf(fields, SPAN.name)[0]?.toString() ?? '',
    attributes: attributesOf(fields, SPAN.attributes),
    failed: fieldsOf(status).some(({ id, value }) => id === STATUS_CODE && value === 2n),
  };
}

interface Field {
  readonly id: number;
  readonly value: bigint | Buffer;
}

const bytesOf = (fields: readonly Field[], id: number): Buffer[] =>
  fields.flatMap(({ id: each, value }) => (each === id && Buffer.isBuffer(value) ? [value] : []));

/** `KeyValue`s: key 1, value 2, of which the first member is taken whatever its type. */
function attributesOf(fields: readonly Field[], id: number): Record<string, string> {
  const pairs = bytesOf(fields, id).map((pair) => {
    const [key, value] = [1, 2].map((part) => bytesOf(fieldsOf(pair), part)[0]);
    const [member] = fieldsOf(value ?? Buffer.alloc(0));
    return [key?.toString() ?? '', String(member?.value ?? '')] as const;
  });
  return Object.fromEntries(pairs);
}

/** The protobuf wire format: varints, 64-bit, length-delimited, 32-bit. */
function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const value = wire === 0 ? varint() : take(wire === 2 ? Number(varint()) : wire === 1 ? 8 : 4);
    fields.push({ id: tag >> 3, value });
  }
  return fields;
}
