import type { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import type { NodeCodecs } from '../../sdp/upstream-offer.ts';
import type {
  LayerChoice,
  MediaNode,
  NodeAnswer,
  NodeClient,
  NodeFigures,
  NodeIdentity,
  NodeOffer,
  RecordingWish,
} from '../node.ts';
import {
  ClientsReply,
  CodeReply,
  FeaturesReply,
  StreamsReply,
  SummariesReply,
  VersionsReply,
} from './api-schemas.ts';
import { toOfferFailure, toTransportFailure } from './failure.ts';
import { TICKET_PARAMETER } from './hooks.ts';
import { SrsInspection } from './srs-inspection.ts';
import type { NodeReply, NodeTransport } from './transport.ts';
import { LEAST_CODECS, codecsOf, type RtcFeatures } from './version.ts';

/** Lists give 10 rows unless asked for more, and their pages shift: ask for one big page. */
const WHOLE_LIST = '?start=0&count=100000';
/** SRS's code for an unknown client. */
const NO_CLIENT = 2049;

/** Called once for every request: what it was, how it went, seconds. */
export type ObserveRequest = (operation: string, result: 'ok' | 'failed', seconds: number) => void;

/** One server of SRS's HTTP contract, SRS 5 to 8 or the embedded engine (srs.md §3, §8). */
export class SrsNode implements MediaNode {
  readonly name: string;
  readonly inspection: SrsInspection;
  readonly #transport: NodeTransport;
  readonly #observe: ObserveRequest;
  #codecs: NodeCodecs = LEAST_CODECS;
  #knownService: string | undefined;
  #recordsOnRequest = false;

  /** `name` is shown to admins: host and port, never a password. */
  constructor(name: string, transport: NodeTransport, observe: ObserveRequest) {
    this.name = name;
    this.#transport = transport;
    this.#observe = observe;
    this.inspection = new SrsInspection(
      (operation, path, schema) => this.#api(operation, 'GET', path, schema),
      WHOLE_LIST,
    );
  }

  get codecs(): NodeCodecs {
    return this.#codecs;
  }

  get recordsOnRequest(): boolean {
    return this.#recordsOnRequest;
  }

  async identify(): Promise<NodeIdentity> {
    const reply = await this.#api('versions', 'GET', '/api/v1/versions', VersionsReply);
    if (this.#knownService !== reply.service) {
      const features = await this.#features();
      this.#codecs = codecsOf(reply.data, features);
      this.#recordsOnRequest = features.dvr_apply !== undefined;
      this.#knownService = reply.service;
    }
    return { server: reply.server, service: reply.service, version: reply.data.version };
  }

  async open(offer: NodeOffer): Promise<NodeAnswer> {
    const reply = await this.#timed('offer', async () => {
      const answered = await this.#transport.post(offerPath(offer), offer);
      if (answered.status !== 201) throw toOfferFailure(answered, offer.kind);
      return answered;
    });
    const location = locationOf(reply);
    let released: Promise<void> | undefined;
    return {
      sdp: reply.text,
      release: () => (released ??= this.#release(location)),
    };
  }

  async figures(): Promise<NodeFigures> {
    const { data } = await this.#api('summaries', 'GET', '/api/v1/summaries', SummariesReply);
    const { self, system, rtc } = data;
    return {
      cpuShare: self.cpu_percent,
      memoryBytes: self.mem_kbyte * 1024,
      sentBytes: system.srs_send_bytes,
      receivedBytes: system.srs_recv_bytes,
      clients: system.conn_srs,
      uptimeSeconds: self.srs_uptime,
      eventLoopDelayMs: self.event_loop_delay_p99_ms,
      packets: rtc?.packets ?? null,
    };
  }

  async clients(): Promise<readonly NodeClient[]> {
    const [clients, streams] = await Promise.all([
      this.#api('clients', 'GET', `/api/v1/clients/${WHOLE_LIST}`, ClientsReply),
      this.#api('streams', 'GET', `/api/v1/streams/${WHOLE_LIST}`, StreamsReply),
    ]);
    const active = new Map(
      streams.streams.flatMap(({ publish, layers }) =>
        publish?.active === true ? [[publish.cid, layers] as const] : [],
      ),
    );
    return clients.clients.flatMap(({ id, type, url, send_bytes: sent }): NodeClient[] => {
      const client = { clientId: id, path: url.replace(/^\//, '') };
      switch (type) {
        case 'rtc-publish':
          return [
            { ...client, kind: 'publish', active: active.has(id), layers: active.get(id) ?? [] },
          ];
        case 'rtc-play':
          return [{ ...client, kind: 'watch', active: (sent ?? 0) > 0, layers: [] }];
        default:
          return [];
      }
    });
  }

  async remove(clientId: string): Promise<boolean> {
    const path = `/api/v1/clients/${encodeURIComponent(clientId)}`;
    const { code } = await this.#api('kick', 'DELETE', path, CodeReply);
    return code === 0;
  }

  async chooseLayer(
    clientId: string,
    choice: LayerChoice,
  ): Promise<'chosen' | 'no-layer' | 'gone'> {
    const path = `/api/v1/clients/${encodeURIComponent(clientId)}/layer${layerQuery(choice)}`;
    const { code } = await this.#api('layer', 'PUT', path, CodeReply);
    if (code === 0) return 'chosen';
    return code === NO_CLIENT ? 'gone' : 'no-layer';
  }

  async record({ room, sources, on }: RecordingWish): Promise<void> {
    const method = on ? 'PUT' : 'DELETE';
    for (const source of sources ?? [null]) {
      const stream = source === null ? '' : `&stream=${source}`;
      const path = `/api/v1/dvr?app=${room}${stream}`;
      const { code } = await this.#api('dvr', method, path, CodeReply);
      if (code !== 0) {
        throw new GatewayError('node-unavailable', `The media server refused to record: ${code}.`);
      }
    }
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #release(location: string): Promise<void> {
    await this.#timed('delete', () => this.#transport.delete(location)).catch(() => undefined);
  }

  /** Absent or odd features are no fault: plain SRS lists none of ours. */
  async #features(): Promise<RtcFeatures> {
    const reply = FeaturesReply.safeParse(await this.#transport.api('GET', '/api/v1/features'));
    return reply.success ? reply.data.data : {};
  }

  async #api<T extends z.ZodType>(
    operation: string,
    method: 'GET' | 'PUT' | 'DELETE',
    path: string,
    schema: T,
  ): Promise<z.infer<T>> {
    return await this.#timed(operation, async () => {
      const parsed = schema.safeParse(await this.#transport.api(method, path));
      if (parsed.success) return parsed.data;
      throw new GatewayError('node-unavailable', 'The media server’s API answered oddly.', {
        cause: parsed.error,
      });
    });
  }

  async #timed<T>(operation: string, run: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const seconds = () => (performance.now() - startedAt) / 1000;
    try {
      const result = await run();
      this.#observe(operation, 'ok', seconds());
      return result;
    } catch (error) {
      this.#observe(operation, 'failed', seconds());
      throw toTransportFailure(error);
    }
  }
}

/** Fixed order, allow-listed names only: SRS's query knows many live parameters (srs.md P8). */
function offerPath({ kind, room, source, codec, ticket }: NodeOffer): string {
  const path = kind === 'publish' ? '/rtc/v1/whip/' : '/rtc/v1/whep/';
  const choice =
    codec === null || codec === 'h264' ? '' : `&codec=${codec === 'h265' ? 'hevc' : codec}`;
  return `${path}?app=${room}&stream=${source}${choice}&${TICKET_PARAMETER}=${ticket}`;
}

/** The session's own path and query, kept byte for byte (srs.md P6); never a path to elsewhere. */
function locationOf(reply: NodeReply): string {
  const ok = /^\/rtc\/v1\/[a-z-]{1,16}\/\?[\x21-\x7e]{1,2000}$/.test(reply.location);
  if (ok && /^application\/sdp\b/i.test(reply.contentType)) return reply.location;
  throw new GatewayError('upstream-rejected', 'The media server’s answer cannot be used.');
}

/** Every part is a number, or a name of letters, digits, "-" and "_": nothing needs an escape. */
function layerQuery({ rid, maxWidth, maxHeight }: LayerChoice): string {
  const parts = [
    ...(rid === null ? [] : [`rid=${rid}`]),
    ...(maxWidth === null ? [] : [`max_width=${maxWidth}`]),
    ...(maxHeight === null ? [] : [`max_height=${maxHeight}`]),
  ];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
