import { z } from 'zod';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas that have a name, `meta({ id })`, each once. */
export class NamedSchemas {
  readonly #schemas = new Map<string, JsonSchema>();

  /** What a client may send: members with a default may be left out. */
  input(schema: z.ZodType): JsonSchema {
    return this.#hoist(z.toJSONSchema(schema, { io: 'input' }));
  }

  /** What it is answered; more members may come with a later version. */
  output(schema: z.ZodType): JsonSchema {
    return this.#hoist(
      z.toJSONSchema(schema, {
        io: 'output',
        override: ({ jsonSchema }) => {
          if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        },
      }),
    );
  }

  all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #hoist({ $schema: _, $defs = {}, ...rest }: z.core.JSONSchema.BaseSchema): JsonSchema {
    for (const [name, schema] of Object.entries($defs)) this.#name(name, schema);
    if (rest.id === undefined) return referring(rest);
    const { id, ...schema } = rest;
    this.#name(id, schema);
    return { $ref: `${HOME}${id}` };
  }

  #name(name: string, given: object): void {
    const schema = referring({ ...given, id: undefined });
    const known = this.#schemas.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`two schemas are called ${name}`);
    }
    this.#schemas.set(name, schema);
  }
}

const HOME = '#/components/schemas/';

/** The same with references to where named schemas stand in the document. */
const referring = (schema: object): JsonSchema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${HOME}`)) as JsonSchema;
