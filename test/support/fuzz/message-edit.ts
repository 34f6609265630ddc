import fc from 'fast-check';

/** Bytes for a socket, and how they are sent. */
export interface Payload {
  readonly data: string | Buffer;
  readonly binary: boolean;
}

const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    ...[0, -1, 0.5, 2 ** 31, 2 ** 53, 1e308, null, '', 'a'.repeat(5_000), [], {}],
    ...['__proto__', { __proto__: null, constructor: 1 }, Array.from({ length: 100 }, () => 0)],
  ),
);

/** One member of a message, anywhere in it, becomes another value, goes or is joined by another. */
function edited(message: unknown, at: number, value: unknown, what: string): unknown {
  if (typeof message !== 'object' || message === null) return value;
  const members = Object.entries(message as Readonly<Record<string, unknown>>);
  const [key, old] = members[at % Math.max(1, members.length)] ?? ['more', undefined];
  const isDeep = typeof old === 'object' && old !== null && Math.floor(at / 16) % 2 === 0;
  const changed = isDeep ? edited(old, Math.floor(at / 32), value, what) : value;
  const copy: Record<string, unknown> = { ...message };
  if (what === 'drop' && !isDeep) Reflect.deleteProperty(copy, key);
  else if (what === 'add' && !isDeep) copy[`${key}x`] = changed;
  else copy[key] = changed;
  return Array.isArray(message) ? Object.values(copy) : copy;
}

/** Good messages with something wrong, good ones, and what no client sends. */
export function payloadsOf(messages: readonly object[]): fc.Arbitrary<Payload> {
  const text = (data: string): Payload => ({ data, binary: false });
  const message = fc.constantFrom(...messages);
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(message, fc.nat(), values, fc.constantFrom('change', 'change', 'drop', 'add'))
        .map(([each, at, value, what]) => text(JSON.stringify(edited(each, at, value, what)))),
    },
    { weight: 2, arbitrary: message.map((each) => text(JSON.stringify(each))) },
    { weight: 1, arbitrary: fc.json().map(text) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }).map(text) },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ maxLength: 200 })
        .map((bytes) => ({ data: Buffer.from(bytes), binary: true })),
    },
    { weight: 1, arbitrary: fc.nat(30_000).map((depth) => text('['.repeat(depth))) },
  );
}
