import express, { type Express, type Request, type Response } from 'express';
import { GatewayError } from '../errors.ts';
import { problemHandler, type Records } from './problem.ts';
import { isAuthority } from './request-checks.ts';

/** Where tokens and offers go: never to be sent in the clear, so never redirected either. */
const NOT_PAGES = /^\/(?:whip|whep|sessions|events|api|ws|metrics)(?:[/?]|$)/i;
const READS = new Set(['GET', 'HEAD']);

/**
 * The plain-HTTP listener beside HTTPS: pages are sent on to `https`, everything that carries a
 * token is refused before one is looked at (X43).
 */
export function createRedirectApp(
  deps: Records & {
    readonly publicUrl: string | undefined;
    readonly httpsPort: () => number;
  },
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((req: Request, res: Response) => {
    res.set('Cache-Control', 'no-store').set('Connection', 'close');
    const path = req.originalUrl;
    const base = deps.publicUrl ?? ownBase(req, deps.httpsPort());
    if (!READS.has(req.method) || !path.startsWith('/') || NOT_PAGES.test(path) || base === '') {
      throw new GatewayError('https-required', 'Use https: nothing with a token is taken here.');
    }
    res.writeHead(307, { Location: base + path }).end();
  });
  app.use(problemHandler(deps));
  return app;
}

/** The host that was asked for, with the port of HTTPS; empty when it is none. */
function ownBase(req: Request, port: number): string {
  const host = req.headers.host ?? '';
  if (!isAuthority(host)) return '';
  const name = host.replace(/:\d+$/, '');
  return port === 443 ? `https://${name}` : `https://${name}:${port}`;
}
