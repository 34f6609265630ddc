import type { JsonSchema } from './json-schema.ts';

const INDENT = '  ';

/** A schema as people read one: the notation of TypeScript, with limits behind it. */
export function schemaText(schema: JsonSchema, indent = ''): string {
  const { $ref, anyOf, oneOf, enum: values } = schema;
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? '';
  const choices = (anyOf ?? oneOf) as readonly JsonSchema[] | undefined;
  if (choices !== undefined) {
    return choices.map((choice) => schemaText(choice, indent)).join(' | ');
  }
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  const types = [schema['type']].flat().filter((type) => typeof type === 'string');
  if (types.length === 0) return 'any';
  return types.map((type) => typeText(type, schema, indent)).join(' | ');
}

function typeText(type: string, schema: JsonSchema, indent: string): string {
  switch (type) {
    case 'object':
      return objectText(schema, indent);
    case 'array':
      return arrayText(schema, indent);
    default:
      return type + limitsOf(schema);
  }
}

function objectText(schema: JsonSchema, indent: string): string {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = new Set((schema['required'] ?? []) as readonly string[]);
  const inner = indent + INDENT;
  const members = Object.entries(properties).map(
    ([name, member]) =>
      `${inner}${name}${required.has(name) ? '' : '?'}: ${schemaText(member, inner)}`,
  );
  const others = schema['additionalProperties'];
  if (typeof others === 'object' && others !== null) {
    members.push(`${inner}[name]: ${schemaText(others as JsonSchema, inner)}`);
  }
  return members.length === 0 ? '{}' : `{\n${members.join('\n')}\n${indent}}`;
}

function arrayText(schema: JsonSchema, indent: string): string {
  const item = schemaText((schema['items'] ?? {}) as JsonSchema, indent);
  const isSimple = /^[\w ]+$/.test(item) || item.endsWith('}');
  return `${isSimple ? item : `(${item})`}[]`;
}

/** Only what a reader acts on: numbers that are limits of the format itself say nothing. */
function limitsOf(schema: JsonSchema): string {
  const limits = LIMITS.flatMap(([name, sign]) => {
    const value = schema[name];
    const isTold = typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;
    return isTold ? [`${sign} ${value}`] : [];
  });
  if (schema['default'] !== undefined) limits.push(`default ${JSON.stringify(schema['default'])}`);
  if (typeof schema['pattern'] === 'string') limits.push(`/${schema['pattern']}/`);
  return limits.length === 0 ? '' : ` (${limits.join(', ')})`;
}

const LIMITS = [
  ['minimum', '≥'],
  ['maximum', '≤'],
  ['minLength', 'length ≥'],
  ['maxLength', 'length ≤'],
] as const;
