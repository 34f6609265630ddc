import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router, type RequestHandler } from 'express';
import { GatewayError } from '../errors.ts';

/** Every address that is a page; the application looks at the path itself. */
const PAGES = [
  '/',
  '/share/:room',
  '/camera/:room',
  '/watch/:room',
  '/diagnose',
  '/recordings',
  '/recordings/:id',
  '/login',
  '/invite',
];
/** The console finds its own pages below this. */
const CONSOLE = '/admin{/*page}';

const ELEMENT: Parameters<typeof express.static>[1] = {
  maxAge: '1h',
  setHeaders: (res) => res.setHeader('Access-Control-Allow-Origin', '*'),
};

/** The built pages in `folder`; hashed assets may be kept for ever. `adminGate` stands before the console. */
export function pageRoutes(folder: string, ...adminGate: readonly RequestHandler[]): Router {
  const router = Router({ caseSensitive: true });
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '365d', index: false }),
  );
  // Pages of other origins import it: it holds code alone, and no right.
  router.use('/embed', express.static(join(folder, 'embed'), { ...ELEMENT, index: false }));
  router.get(CONSOLE, ...adminGate);
  router.get([...PAGES, CONSOLE], (_req, res) => {
    if (!existsSync(join(folder, 'index.html'))) {
      throw new GatewayError('not-found', 'The pages are not built: run "npm run build".');
    }
    res.set('Cache-Control', 'no-cache').sendFile('index.html', { root: folder });
  });
  router.use(express.static(folder, { index: false, maxAge: '1h' }));
  return router;
}
