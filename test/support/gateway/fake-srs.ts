import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { srsAnswer, ufragOf, type Served } from './srs-answer.ts';

/** One request as it arrived, byte for byte where that matters. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** One WebRTC client as the pretended SRS keeps it. */
export interface FakeClient {
  readonly id: string;
  readonly kind: 'publish' | 'watch';
  readonly app: string;
  readonly stream: string;
  readonly param: string;
  readonly location: string;
  /** Publisher: DTLS is up. Viewer: bytes were sent. */
  active: boolean;
}

/** Takes an offer's request over; for answers that no SRS would give. */
export type CannedAnswer = (response: ServerResponse, location: string) => void;

/**
 * Just enough of SRS's HTTP contract, with a memory of every request, so that a test can say what
 * reached it and that nothing else did.
 */
export class FakeSrs {
  /** Refusals: 6 closes without a byte, 7 answers a status and `CODE: Name`. */
  line: '6' | '7' = '6';
  /** Where its hooks go; null: it has none. */
  hooks: { readonly url: string; readonly secret: string } | null = null;
  /** Media it has tracks for. */
  served: Served = ['audio', 'video'];
  /** The embedded engine's list of codecs; null: a plain SRS. */
  codecs: readonly string[] | null = null;
  /** Codecs that it takes in layers; null: it has no layers. */
  layered: readonly string[] | null = null;
  /** Names of the layers that every publisher of it has. */
  layers: readonly string[] = [];
  /** It takes connections and closes them. */
  away = false;
  service = 'service-1';
  /** Used up by the next offers, one each, after the hook. */
  readonly canned: CannedAnswer[] = [];
  /** Queries of the layer choices that it took. */
  readonly choices: string[] = [];
  readonly seen: SeenRequest[] = [];
  summaries: object = {
    self: { version: '6.0.157', mem_kbyte: 65_536, cpu_percent: 0.25, srs_uptime: 60 },
    system: { srs_recv_bytes: 1_000, srs_send_bytes: 2_000, conn_srs: 3 },
  };
  readonly clients = new Map<string, FakeClient>();
  /** Offers wait here before their hook is called. */
  gate: Promise<unknown> = Promise.resolve();
  #count = 0;
  readonly #server = createServer({ maxHeaderSize: 64 * 1024 }, (req, res) => {
    void this.#receive(req, res);
  });

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Offers and deletions: what a client's requests may cause. */
  get signalling(): readonly SeenRequest[] {
    return this.seen.filter(({ url }) => url.startsWith('/rtc/'));
  }

  get offers(): readonly SeenRequest[] {
    return this.signalling.filter(({ method }) => method === 'POST');
  }

  get deletions(): readonly SeenRequest[] {
    return this.signalling.filter(({ method }) => method === 'DELETE');
  }

  /** Client ids that were kicked by the API. */
  get kicked(): readonly string[] {
    return this.seen
      .filter(({ method, url }) => method === 'DELETE' && url.startsWith('/api/v1/clients/'))
      .map(({ url }) => url.slice('/api/v1/clients/'.length));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** A new run: another service id and nobody in it. */
  restart(): void {
    this.service = `service-${(this.#count += 1) + 1}`;
    this.clients.clear();
  }

  /** A client that came by another way than the gateway. */
  plant(client: Pick<FakeClient, 'kind' | 'app' | 'stream'>): FakeClient {
    return this.#add({ ...client, param: '', ufrag: 'away' });
  }

  /** Media flows for everybody. */
  connectAll(): void {
    for (const client of this.clients.values()) client.active = true;
  }

  /** The peer is gone, and the hook says so. */
  async leave(client: FakeClient): Promise<void> {
    this.clients.delete(client.id);
    await this.callHook(client.kind === 'publish' ? 'unpublish' : 'stop', client);
  }

  /** True when the hook allows; the body and its answer are SRS's. */
  async callHook(event: string, client: FakeClient): Promise<boolean> {
    if (this.hooks === null) return true;
    const reply = await fetch(`${this.hooks.url}/${event}?secret=${this.hooks.secret}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(this.hookBody(event, client)),
    });
    const text = await reply.text();
    return (reply.status === 200 || reply.status === 201) && text === '0';
  }

  hookBody(event: string, client: FakeClient): Record<string, unknown> {
    const { id, app, stream, param } = client;
    return {
      server_id: 'fake',
      service_id: this.service,
      action: `on_${event}`,
      client_id: id,
      ip: '127.0.0.1',
      vhost: '__defaultVhost__',
      app,
      tcUrl: '',
      stream,
      param,
      stream_url: `/${app}/${stream}`,
      stream_id: 'vid-8xn4681',
    };
  }

  async #receive(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (this.away) {
      req.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const { method = '', url = '', rawHeaders } = req;
    const body = Buffer.concat(chunks).toString();
    this.seen.push({ method, url, rawHeaders, body });
    if (url.startsWith('/api/v1/')) this.#answerApi(method, url, res);
    else if (method === 'DELETE') this.#delete(url, res);
    else await this.#takeOffer(url, body, res);
  }

  async #takeOffer(url: string, body: string, res: ServerResponse): Promise<void> {
    await this.gate;
    const query = new URL(url, 'http://fake').searchParams;
    const kind = url.startsWith('/rtc/v1/whip/') ? 'publish' : 'watch';
    const [app, stream] = [query.get('app') ?? 'live', query.get('stream') ?? 'livestream'];
    const busy = [...this.clients.values()].some(
      (other) => other.kind === 'publish' && other.app === app && other.stream === stream,
    );
    if (kind === 'publish' && busy) {
      this.refuse(res, 409, '5020: RtcStreamBusy');
      return;
    }
    const param = url.slice(url.indexOf('?') + 1);
    const client = this.#add({ kind, app, stream, param, ufrag: ufragOf(body) });
    const event = kind === 'publish' ? 'publish' : 'play';
    if (!(await this.callHook(event, client).catch(() => false))) {
      // A refused publisher keeps the name busy (srs.md P1).
      if (kind === 'watch') this.clients.delete(client.id);
      this.refuse(res, 401, '3064: HookDenied');
      return;
    }
    const canned = this.canned.shift();
    if (canned !== undefined) {
      canned(res, client.location);
      return;
    }
    const publishes = kind === 'publish';
    const answer = srsAnswer(body, { publishes, ufrag: '7x1o4p20', served: this.served });
    res.writeHead(201, {
      'content-type': 'application/sdp',
      location: client.location,
      server: 'SRS/6.0.157(Hang)',
      connection: 'Close',
    });
    res.end(answer);
  }

  refuse(res: ServerResponse, status: number, text: string): void {
    if (this.line === '6') res.destroy();
    else res.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  }

  #add(given: Pick<FakeClient, 'kind' | 'app' | 'stream' | 'param'> & { ufrag: string }) {
    const { ufrag, ...rest } = given;
    const id = `client${(this.#count += 1)}`;
    const location = `/rtc/v1/whip/?action=delete&token=t${id}&app=${rest.app}&stream=${rest.stream}&session=7x1o4p20:${ufrag}`;
    const client: FakeClient = { ...rest, id, location, active: false };
    this.clients.set(id, client);
    return client;
  }

  /** Unknown sessions are 200 as well (srs.md §3.4). */
  #delete(url: string, res: ServerResponse): void {
    const client = [...this.clients.values()].find(({ location }) => location === url);
    res.writeHead(200, { 'content-length': '0' }).end();
    if (client !== undefined) void this.leave(client).catch(() => undefined);
  }

  #answerApi(method: string, url: string, res: ServerResponse): void {
    const [path = '', query = ''] = url.slice('/api/v1/'.length).split('?');
    const answers: Record<string, () => object> = {
      DELETE: () => this.#kick(path),
      PUT: () => this.#chooseLayer(path, query),
    };
    const data = answers[method]?.() ?? this.#list(path, query);
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ code: 0, server: 'fake', service: this.service, pid: '1', ...data }));
  }

  #kick(path: string): object {
    const client = this.clients.get(path.slice('clients/'.length));
    if (client === undefined) return { code: 2049 };
    void this.leave(client).catch(() => undefined);
    return {};
  }

  #list(path: string, query: string): object {
    switch (path) {
      case 'versions': {
        const [major, revision] = this.line === '6' ? [6, 157] : [7, 143];
        return { data: { major, minor: 0, revision, version: `${major}.0.${revision}` } };
      }
      case 'summaries':
        return { data: this.summaries };
      case 'features':
        return { data: this.#features() };
      case 'streams/':
        return { streams: page(this.#streams(), query) };
      case 'clients/':
        return { clients: page(this.#clients(), query) };
      default:
        return { code: 100 };
    }
  }

  #features(): object {
    return {
      ...(this.codecs === null ? {} : { rtc_codecs: this.codecs }),
      ...(this.layered === null ? {} : { rtc_layers: this.layered }),
    };
  }

  /** `clients/{id}/layer?…`, as the embedded engine has it. */
  #chooseLayer(path: string, query: string): object {
    const [, id = ''] = /^clients\/([^/]+)\/layer$/.exec(path) ?? [];
    if (!this.clients.has(id)) return { code: 2049 };
    const rid = new URLSearchParams(query).get('rid');
    if (rid !== null && !this.layers.includes(rid)) return { code: 2048 };
    this.choices.push(query);
    return {};
  }

  #streams(): object[] {
    return [...this.clients.values()]
      .filter(({ kind }) => kind === 'publish')
      .map(({ id, active }) => ({
        publish: active ? { active, cid: id } : { active: false },
        ...(this.layers.length === 0 ? {} : { layers: this.layers.map(toLayer) }),
      }));
  }

  #clients(): object[] {
    return [...this.clients.values()].map(({ id, kind, app, stream, active }) => ({
      id,
      type: kind === 'publish' ? 'rtc-publish' : 'rtc-play',
      url: `/${app}/${stream}`,
      publish: kind === 'publish',
      ip: '203.0.113.7',
      send_bytes: active && kind === 'watch' ? 4096 : 0,
    }));
  }
}

/** As SRS 6: ten rows unless asked for more. */
function page(rows: readonly object[], query: string): readonly object[] {
  const asked = new URLSearchParams(query);
  const start = Number(asked.get('start') ?? 0);
  return rows.slice(start, start + Math.max(10, Number(asked.get('count') ?? 10)));
}

const toLayer = (rid: string, index: number): object => ({
  rid,
  width: 320 * 2 ** index,
  height: 180 * 2 ** index,
  bitrate: 150_000 * 3 ** index,
  active: true,
});

/** A pretended SRS on a free port, closed when the test is over. */
export async function startFakeSrs(
  given: Partial<Pick<FakeSrs, 'line' | 'codecs' | 'layered' | 'layers'>> = {},
) {
  const srs = Object.assign(new FakeSrs(), given);
  await srs.listen();
  onTestFinished(() => srs.close());
  return srs;
}
