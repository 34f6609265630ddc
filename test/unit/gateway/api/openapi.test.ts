import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openApi } from '../../../../gateway/http/api/openapi.ts';
import { plainPaths } from '../../../../gateway/http/api/plain-paths.ts';
import { OPERATIONS } from '../../../../gateway/protocol/api/all.ts';
import { fillPath } from '../../../../gateway/protocol/api/fill-path.ts';
import { operation } from '../../../../gateway/protocol/api/operation.ts';

const document = openApi(OPERATIONS, { version: '1.2.3' });
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, row]) => ({ path, method, row })),
);

test('[API-01] the document is valid OpenAPI 3.1, and every reference leads somewhere', async () => {
  const validator = new Validator();
  const result = await validator.validate(
    JSON.parse(JSON.stringify(document)) as Record<string, unknown>,
  );
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(validator.version).toBe('3.1');
  const { schemas } = document['components'] as { schemas: Record<string, unknown> };
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(50);
  for (const [, target = ''] of references) {
    expect(Object.keys(schemas)).toContain(target.replace('#/components/schemas/', ''));
  }
});

test('[API-01] every operation has a name of its own, and every parameter of its path a schema', () => {
  const ids = described.map(({ row }) => row['operationId']);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  for (const { path, params } of OPERATIONS) {
    const names = plainPaths(path).at(-1)?.names ?? [];
    expect(Object.keys(params?.shape ?? {}).toSorted(), path).toEqual(names.toSorted());
  }
});

test('[API-01] every operation says who may call it, and how it is refused', () => {
  for (const { path, row } of described) {
    const responses = Object.keys(row['responses'] as object);
    if (row['x-access'] !== 'open')
      expect(responses, path).toEqual(expect.arrayContaining(['401', '403']));
    expect(responses, path).toContain('429');
  }
});

test('[API-01] what has a version needs If-Match where it is changed', () => {
  const thing = { path: '/things/:id', tag: 'Things', summary: 'A thing', etag: true } as const;
  const params = z.object({ id: z.string() });
  const reply = z.object({ name: z.string() });
  const { paths } = openApi(
    [
      operation({ ...thing, id: 'getThing', method: 'GET', access: 'admin', params, reply }),
      operation({ ...thing, id: 'putThing', method: 'PUT', access: 'admin', params, reply }),
    ],
    { version: '1' },
  );
  const { get, put } = paths['/things/{id}'] ?? {};
  expect(JSON.stringify(get)).not.toContain('If-Match');
  expect(JSON.stringify(put)).toContain('If-Match');
  expect(Object.keys(put?.['responses'] as object)).toEqual(expect.arrayContaining(['412', '428']));
});

test('[API-01] two schemas of one name are refused', () => {
  const named = (schema: z.ZodType) => schema.meta({ id: 'OnlyOne' });
  const row = (id: string, reply: z.ZodType) =>
    operation({ id, method: 'GET', path: `/${id}`, tag: 'T', summary: id, access: 'open', reply });
  const first = row('a', z.object({ x: named(z.object({ a: z.string() })) }));
  const second = row('b', z.object({ x: named(z.object({ b: z.string() })) }));
  expect(() => openApi([first, second], { version: '1' })).toThrow(/OnlyOne/);
});

test('an optional part of a path is two paths, and filled where it is given', () => {
  expect(plainPaths('/whip/:room{/:source}')).toEqual([
    { path: '/whip/{room}', names: ['room'], suffix: '' },
    { path: '/whip/{room}/{source}', names: ['room', 'source'], suffix: 'Source' },
  ]);
  expect(fillPath('/whip/:room{/:source}', { room: 'a b' })).toBe('/whip/a%20b');
  expect(fillPath('/whip/:room{/:source}', { room: 'a', source: '../b' })).toBe('/whip/a/..%2Fb');
  expect(fillPath('/parts/:part.mp4', { part: 'x' })).toBe('/parts/x.mp4');
});
