import type { Express } from 'express';
import { beforeEach, expect, test, vi } from 'vitest';
import type { AppDeps } from '../../../../gateway/http/app.ts';
import { OPERATIONS } from '../../../../gateway/protocol/api/all.ts';
import { successOf } from '../../../../gateway/protocol/api/operation.ts';
import { anAdminToken } from '../../../support/gateway/a-token.ts';
import { startGateway } from '../../../support/gateway/start-gateway.ts';

let app: Express | undefined;
vi.mock('../../../../gateway/http/app.ts', async (original) => {
  const real = await original<{ createApp: (deps: AppDeps) => Express }>();
  return { ...real, createApp: (deps: AppDeps) => (app = real.createApp(deps)) };
});
beforeEach(() => (app = undefined));

interface Layer {
  readonly route?: { readonly path: string | string[]; readonly methods: Record<string, boolean> };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** Every method and path that express answers, as they were registered. */
function* routesOf(layers: readonly Layer[]): Generator<string> {
  for (const { route, handle } of layers) {
    if (route === undefined) yield* routesOf(handle.stack ?? []);
    else {
      for (const path of [route.path].flat()) {
        for (const method of Object.keys(route.methods)) yield `${method.toUpperCase()} ${path}`;
      }
    }
  }
}

test('[API-01] what is served under /api/v1 is in the table, and the other way round', async () => {
  await startGateway();
  const { router } = app as unknown as { router: { stack: readonly Layer[] } };
  const isOurs = (route: string) => route.includes(' /api/v1/');
  const served = [...new Set(routesOf(router.stack))].filter(isOurs);
  const listed = OPERATIONS.map(({ method, path }) => `${method} ${path}`).filter(isOurs);
  expect(served.toSorted()).toEqual(listed.toSorted());
});

test('[API-01] the document is for everybody, and what it lists answers as it says', async () => {
  const { gateway } = await startGateway();
  const reply = await gateway.request('GET', '/openapi.json', { token: null });
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await reply.json()).toMatchObject({ openapi: '3.1.1', info: { title: 'PixelCast' } });
  const plain = OPERATIONS.filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/api/v1/') && !path.includes(':'),
  );
  for (const operation of plain) {
    const answer = await gateway.request('GET', operation.path, { token: anAdminToken() });
    expect(answer.status, operation.id).toBe(successOf(operation));
    if (operation.reply === null || 'media' in operation.reply) continue;
    expect(operation.reply.safeParse(await answer.json()).error, operation.id).toBeUndefined();
  }
});

test('[API-14] the reference page has every operation, no script, and only styles of its own', async () => {
  const { gateway } = await startGateway();
  const page = await gateway.request('GET', '/api', { token: null });
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  const html = await page.text();
  for (const { id } of OPERATIONS) expect(html).toContain(`<details id="${id}">`);
  expect(html).not.toMatch(/<script|<style| style=| on\w+=/);
  const anchors = [...html.matchAll(/href="#([^"]+)"/g)].map(([, anchor = '']) => anchor);
  expect(anchors.filter((anchor) => !html.includes(`id="${anchor}"`))).toEqual([]);
  const style = await gateway.request('GET', '/api/reference.css', { token: null });
  expect(style.headers.get('content-type')).toMatch(/^text\/css/);
});
