import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Empty pages for scripts of tests: http on loopback counts as a secure context. */
export interface PageServer {
  readonly origin: string;
  /** Address of an empty page with this title. */
  page(title: string): string;
  close(): Promise<void>;
}

export async function openPageServer(): Promise<PageServer> {
  const server = createServer((request, response) => {
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

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
