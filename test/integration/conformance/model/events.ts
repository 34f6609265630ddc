import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Refusal, reply, type ModelReply, type ModelRequest } from './message.ts';
import type { ModelRoom } from './room.ts';

const NAMES = ['active', 'inactive', 'viewercount', 'layers'];
const STREAMS_PER_SESSION = 2;
const PING_MS = 100;

interface Stream {
  readonly secret: string;
  readonly names: readonly string[];
  readonly close: () => void;
}

/** Server-sent events and layers of the model. */
export class ModelEvents {
  /** Changes an event before it is written. */
  edit: (text: string) => string = (text) => text;
  /** Which events are told although nobody asked for them. */
  unasked: readonly string[] = [];
  pings = true;
  readonly #room: ModelRoom;
  readonly #streams = new Map<string, Stream>();
  readonly #open = new Set<ServerResponse>();

  constructor(room: ModelRoom) {
    this.#room = room;
    room.changes.on('ended', (secret: string) => {
      for (const [id, stream] of this.#streams) {
        if (stream.secret === secret) this.#remove(id);
      }
    });
  }

  close(): void {
    for (const response of this.#open) response.end();
  }

  /** `POST /events/:id` and `DELETE /streams/:id`. */
  answer({ resource, method, path, body, origin }: ModelRequest): ModelReply {
    const id = path.slice(path.lastIndexOf('/') + 1);
    if (resource === 'stream') {
      if (method !== 'DELETE') throw new Refusal(405, 'Not this method.', { allow: 'DELETE, GET' });
      if (!this.#streams.has(id)) throw new Refusal(404, 'There is no such stream.');
      this.#remove(id);
      return reply(200);
    }
    const secret = Buffer.from(id, 'hex').toString();
    if (this.#room.session(secret) === undefined) throw new Refusal(404, 'No such session.');
    if (method !== 'POST') throw new Refusal(405, 'Not this method.', { allow: 'POST' });
    const names = body === '' ? NAMES : (JSON.parse(body) as string[]);
    if (!names.every((name) => NAMES.includes(name))) throw new Refusal(400, 'Unknown event.');
    const own = [...this.#streams.values()].filter((stream) => stream.secret === secret);
    if (own.length >= STREAMS_PER_SESSION) throw new Refusal(429, 'Too many streams.');
    const stream = randomBytes(24).toString('base64url');
    this.#streams.set(stream, { secret, names, close: () => undefined });
    return reply(201, { location: `${origin}/streams/${stream}` });
  }

  /** `GET /streams/:id`; false when there is none. */
  has(id: string): boolean {
    return this.#streams.has(id);
  }

  /** Writes events until the stream is over. */
  serve(id: string, response: ServerResponse): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    const tell = (name: string, data: unknown): void => {
      if (!stream.names.includes(name) && !this.unasked.includes(name)) return;
      response.write(this.edit(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
    };
    let live = this.#room.published !== null;
    if (live) tell('active', {});
    tell('viewercount', { viewercount: this.#room.viewers });
    const onPublished = (): void => {
      const now = this.#room.published !== null;
      if (now !== live) tell(now ? 'active' : 'inactive', {});
      live = now;
    };
    const ping = setInterval(() => this.pings && response.write(':\n\n'), PING_MS);
    this.#room.changes.on('published', onPublished);
    this.#open.add(response);
    response.on('close', () => {
      clearInterval(ping);
      this.#room.changes.off('published', onPublished);
      this.#open.delete(response);
    });
    this.#streams.set(id, { ...stream, close: () => response.end() });
  }

  #remove(id: string): void {
    this.#streams.get(id)?.close();
    this.#streams.delete(id);
  }
}

/** `POST` and `DELETE /layers/:id`. */
export function answerLayers({ method, body }: ModelRequest): ModelReply {
  if (method === 'DELETE') return reply(200);
  if (method !== 'POST') throw new Refusal(405, 'Not this method.', { allow: 'DELETE, POST' });
  const choice = readJson(body);
  if (choice === null || typeof choice['mediaId'] !== 'string')
    throw new Refusal(400, 'No choice.');
  return reply(200);
}

function readJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
