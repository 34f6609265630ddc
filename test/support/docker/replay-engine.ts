import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { aFolder } from '../gateway/start-gateway.ts';
import { INFO } from './written.ts';

/** An answer as `record.ts` kept it. */
interface Recorded {
  readonly status: number;
  readonly type: string;
  readonly text?: string;
  readonly base64?: string;
}

export const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as Recorded;

export const bytesOf = ({ text, base64 }: Recorded): Buffer =>
  text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text);

const idIn = (name: string): string => (JSON.parse(recorded(name).text ?? '') as { Id: string }).Id;

/** The container with our label, and that of somebody else. */
export const OURS = idIn('inspect');
export const OTHERS = idIn('inspect-other');

/** Answers a request itself; false: as recorded. */
export type Canned = (req: IncomingMessage, res: ServerResponse) => boolean;

/** Replays the recorded answers of a real engine at a socket, and remembers what it was asked. */
export class ReplayEngine {
  readonly socketPath: string;
  readonly seen: string[] = [];
  /** Asked first. */
  canned: Canned = () => false;
  /** Which list it has. */
  list = 'list';
  readonly #server = createServer((req, res) => this.#answer(req, res));

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  async listen(): Promise<void> {
    this.#server.listen(this.socketPath);
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    const path = (req.url ?? '').replace(/^\/+v[\d.]+/, '');
    this.seen.push(`${req.method ?? ''} ${path}`);
    req.resume();
    if (this.canned(req, res)) return;
    if (path === '/info') {
      res.end(JSON.stringify(INFO));
      return;
    }
    const name = this.#nameOf(req.method ?? '', path);
    if (name === 'events') {
      // It goes on: nothing else happens.
      res.writeHead(200, { 'content-type': 'application/json' });
      res.write(bytesOf(recorded('events')));
      return;
    }
    const answer = recorded(name);
    res.writeHead(answer.status, answer.type === '' ? {} : { 'content-type': answer.type });
    res.end(bytesOf(answer));
  }

  #nameOf(method: string, path: string): string {
    const [, id = '', what = ''] = /^\/containers\/([^/?]+)\/?([a-z]*)/.exec(path) ?? [];
    if (path.startsWith('/version')) return 'version';
    if (path.startsWith('/events')) return 'events';
    if (path.startsWith('/images/')) return 'image-missing';
    if (path.startsWith('/containers/json')) return this.list;
    if (id === OTHERS) return what === 'json' ? 'inspect-other' : 'inspect-missing';
    if (id !== OURS) return 'inspect-missing';
    if (what === 'json') return 'inspect';
    if (what === 'stats' || what === 'logs') return what;
    return method === 'POST' && what === 'start' ? 'start-again' : 'stop';
  }
}

/** A replayed engine that is gone after the test. */
export async function startReplayEngine(): Promise<ReplayEngine> {
  const engine = new ReplayEngine(join(aFolder(), 'docker.sock'));
  await engine.listen();
  onTestFinished(() => engine.close());
  return engine;
}
