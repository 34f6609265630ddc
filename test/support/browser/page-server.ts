import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';

const WEB_FOLDER = new URL('../../../web/', import.meta.url);
const ROOT_FOLDER = new URL('../../../', import.meta.url);

/**
 * Empty pages for scripts of tests: http on loopback counts as a secure context. The modules of
 * `web/core` are served too, at `/core/<file>.ts`, and what they import of the protocol, so that a
 * test page runs the product's code.
 */
export interface PageServer {
  readonly origin: string;
  /** Address of an empty page with this title. */
  page(title: string): string;
  close(): Promise<void>;
}

export async function openPageServer(): Promise<PageServer> {
  const server = createServer((request, response) => {
    const module = moduleOf(request.url ?? '');
    if (module !== null) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' });
      response.end(stripTypeScriptTypes(readFileSync(module, 'utf8')));
      return;
    }
    const title = new URL(request.url ?? '/', 'http://local').searchParams.get('title') ?? '';
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html><title>${escapeHtml(title)}</title><body style="margin:0">`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    page: (title) => `${origin}/?title=${encodeURIComponent(title)}`,
    close: async () => {
      server.closeAllConnections();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

function moduleOf(path: string): URL | null {
  const [, folder, file = ''] =
    /^\/(core|gateway\/protocol)\/((?:[a-z-]+\/)?[a-z\d-]+\.ts)$/.exec(path) ?? [];
  if (folder === undefined) return null;
  return new URL(`${folder}/${file}`, folder === 'core' ? WEB_FOLDER : ROOT_FOLDER);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
