import { Router, type RequestHandler } from 'express';
import { OPERATIONS } from '../../protocol/api/all.ts';
import { VERSION } from '../../version.ts';
import { openApi, type OpenApiDocument } from './openapi.ts';
import { referencePage } from './reference-page.ts';
import { REFERENCE_STYLE } from './reference-style.ts';

/** `/openapi.json`: the document of every operation; `/api`: the same for people. For everybody. */
export function referenceRoutes(guard: RequestHandler): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const texts = new Map<string, string>();
  let document: OpenApiDocument | undefined;
  const serveText = (path: string, type: string, textOf: () => string): void => {
    router.get(path, guard, (_req, res) => {
      const text = texts.get(path) ?? textOf();
      texts.set(path, text);
      res.set('Cache-Control', 'no-cache').type(type).send(text);
    });
  };
  const documentOf = (): OpenApiDocument =>
    (document ??= openApi(OPERATIONS, { version: VERSION }));
  serveText('/openapi.json', 'application/json', () => JSON.stringify(documentOf()));
  serveText('/api', 'text/html', () => referencePage(documentOf()));
  serveText('/api/reference.css', 'text/css', () => REFERENCE_STYLE);
  return router;
}
