import type { OpenApiDocument } from './openapi.ts';
import type { JsonSchema } from './json-schema.ts';
import { schemaText } from './schema-text.ts';

interface Row {
  readonly path: string;
  readonly method: string;
  readonly operation: JsonSchema;
}

/** The reference as one page without scripts: what browsers search by themselves is found there. */
export function referencePage(document: OpenApiDocument): string {
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = (document['tags'] as readonly { readonly name: string }[]).map(({ name }) => name);
  const sections = tags.map((tag) =>
    section(
      tag,
      rows.filter((row) => tagsOf(row).includes(tag)),
    ),
  );
  const { schemas } = document['components'] as { schemas: Record<string, JsonSchema> };
  const things = Object.entries(schemas).map(
    ([name, schema]) => `<h3 id="schema-${text(name)}">${text(name)}</h3>${code(schema)}`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PixelCast API</title>
<link rel="stylesheet" href="/api/reference.css">
</head>
<body>
<header><h1>PixelCast API ${text(String(document.info['version']))}</h1>
<p>Send a token as <code>Authorization: Bearer …</code>. Errors are <code>application/problem+json</code>.
Machines read <a href="/openapi.json">openapi.json</a> (OpenAPI ${document.openapi}).</p></header>
<nav aria-label="Areas">${[...tags, 'Schemas'].map((tag) => `<a href="#${idOf(tag)}">${text(tag)}</a>`).join('\n')}</nav>
<main>
${sections.join('\n')}
<section id="${idOf('Schemas')}"><h2>Schemas</h2>${things.join('\n')}</section>
</main>
</body>
</html>
`;
}

const section = (tag: string, rows: readonly Row[]): string =>
  `<section id="${idOf(tag)}"><h2>${text(tag)}</h2>\n${rows.map(article).join('\n')}\n</section>`;

function article({ path, method, operation }: Row): string {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const id = text(String(operationId));
  return `<details id="${id}"><summary><b class="${method}">${method.toUpperCase()}</b> <code>${text(path)}</code>
<span>${text(String(summary))}</span></summary>
<p>${prose(String(description))}</p>
${parameterTable(parameters as readonly JsonSchema[])}${bodyOf(requestBody as JsonSchema | undefined)}
${Object.entries(responses as Record<string, JsonSchema>)
  .map(answerOf)
  .join('\n')}
</details>`;
}

function parameterTable(parameters: readonly JsonSchema[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(
    (each) =>
      `<tr><td><code>${text(String(each['name']))}</code></td><td>${text(String(each['in']))}</td><td>${each['required'] === true ? 'needed' : ''}</td><td><code>${text(schemaText(each['schema'] as JsonSchema))}</code></td></tr>`,
  );
  return `<div class="wide"><table><tr><th>Parameter</th><th>in</th><th></th><th>is</th></tr>${rows.join('')}</table></div>`;
}

const bodyOf = (body: JsonSchema | undefined): string =>
  body === undefined ? '' : `<h4>Body</h4>${contents(body)}`;

function answerOf([status, answer]: readonly [string, JsonSchema]): string {
  const isProblem = Number(status) >= 400;
  const told = `<h4>${status} ${isProblem ? prose(String(answer['description'])) : ''}</h4>`;
  return isProblem ? told : told + contents(answer);
}

function contents({ content = {} }: JsonSchema): string {
  return Object.entries(content as Record<string, { readonly schema: JsonSchema }>)
    .map(([type, { schema }]) => `<p><code>${text(type)}</code></p>${code(schema)}`)
    .join('');
}

/** Names of schemas lead to them. */
const code = (schema: JsonSchema): string =>
  `<pre tabindex="0">${text(schemaText(schema)).replace(/(^|[ (|])([A-Z]\w+)\b/g, '$1<a href="#schema-$2">$2</a>')}</pre>`;

const tagsOf = ({ operation }: Row): readonly string[] => operation['tags'] as readonly string[];

const idOf = (tag: string): string => `area-${tag.toLowerCase().replace(/\W+/g, '-')}`;

const prose = (sentence: string): string => text(sentence).replace(/`([^`]+)`/g, '<code>$1</code>');

const text = (plain: string): string =>
  plain.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
