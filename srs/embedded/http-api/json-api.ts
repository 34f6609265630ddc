import type { Dvr } from '../dvr/dvr.ts';
import type { Edge } from '../edge.ts';
import type { Identity } from '../identity.ts';
import type { LayerChoice, LayerStats, StreamCodecs } from '../media.ts';
import type { ClientEntry, Roster, StreamEntry, VhostEntry } from '../roster.ts';
import type { ApiRequest } from './api-request.ts';
import { applyDvr } from './dvr-request.ts';
import { toClient, toStream, toVhost, type ClientLayer } from './entries.ts';
import type { Traffic } from '../traffic.ts';
import { indexAbove } from './index-pages.ts';
import { layerChoice } from './layer-request.ts';
import { pageOf } from './listing.ts';
import type { Machine } from './machine.ts';
import { renderMetrics } from './metrics.ts';
import { json, text, type Reply } from './reply.ts';

/** SRS's codes for what is not there; its errors are HTTP 200 all the same. */
const NO_VHOST = { code: 2014 } as const;
const NO_STREAM = { code: 2048 } as const;
const NO_CLIENT = { code: 2049 } as const;
const BAD_PARAMETER = { code: 1061 } as const;

/** What the engine can forward: a member beside SRS's, since no version number tells it. */
const RTC_CODECS = ['h264', 'vp8', 'vp9', 'av1', 'opus'] as const;
/** Of these it takes simulcast, and gives each viewer one layer. */
const RTC_LAYERS = ['h264', 'vp8'] as const;
/** Of these it writes files, and takes by `/api/v1/dvr` which streams those are. */
const RECORDED = ['h264', 'vp8', 'vp9', 'opus'] as const;

export interface JsonApiParts {
  readonly edge: Edge;
  readonly identity: Identity;
  readonly roster: Roster;
  readonly machine: Machine;
  readonly traffic: Readonly<Traffic>;
  readonly codecsOf: (streamKey: string) => StreamCodecs;
  readonly layersOf: (streamKey: string) => readonly LayerStats[];
  readonly layerOf: (mediaId: string) => ClientLayer | null;
  /** False when there is no such layer. */
  readonly chooseLayer: (mediaId: string, choice: LayerChoice) => boolean;
  /** False when there is no such client. */
  readonly kick: (clientId: string) => boolean;
  /** Null: nothing can be recorded. */
  readonly dvr: Dvr | null;
}

/** `/api/v1/…` and `/metrics`. Like SRS it answers an unknown path with the index above it. */
export class JsonApi {
  readonly #parts: JsonApiParts;

  constructor(parts: JsonApiParts) {
    this.#parts = parts;
  }

  reply(request: ApiRequest): Reply {
    const { path } = request;
    const collection = /^\/api\/v1\/(vhosts|streams|clients)\/(.*)$/.exec(path);
    if (collection !== null) {
      return this.#collection(request, collection[1] ?? '', collection[2] ?? '');
    }
    if (path === '/api/v1/dvr' && this.#parts.dvr !== null)
      return this.#dvr(request, this.#parts.dvr);
    if (path === '/metrics') return text(200, renderMetrics(this.#parts));
    if (path === '/api/v1/tests/errors') return json({ code: 100 });
    const data = this.#data(path);
    if (data !== null) return json({ ...this.#envelope(), data });
    return json({ ...this.#envelope(), ...indexAbove(path) });
  }

  #collection(request: ApiRequest, collection: string, id: string): Reply {
    if (request.method === 'DELETE' && collection === 'clients') {
      const kicked = id !== '' && this.#parts.kick(id);
      return json(kicked ? this.#envelope() : NO_CLIENT);
    }
    if (request.method === 'PUT' && collection === 'clients') return this.#chooseLayer(request, id);
    if (request.method !== 'GET') return text(405, 'Method Not Allowed');
    this.#parts.roster.count();
    if (collection === 'vhosts') return this.#vhosts(id);
    return collection === 'streams' ? this.#streams(request, id) : this.#clients(request, id);
  }

  #vhosts(id: string): Reply {
    const { roster } = this.#parts;
    const vhosts = roster.vhosts();
    const show = (vhost: VhostEntry): object => toVhost(vhost, roster.streams(), Date.now());
    if (id === '') return json({ ...this.#envelope(), vhosts: vhosts.map(show) });
    const vhost = vhosts.find((entry) => entry.id === id);
    return json(vhost === undefined ? NO_VHOST : { ...this.#envelope(), vhost: show(vhost) });
  }

  #streams({ query }: ApiRequest, id: string): Reply {
    const { roster, edge, codecsOf, layersOf } = this.#parts;
    const streams = roster.streams();
    const show = (stream: StreamEntry): object => {
      const { key } = stream.name;
      const carried = { ...codecsOf(key), layers: layersOf(key) };
      return toStream(stream, carried, { edge, nowMs: Date.now() });
    };
    if (id === '') {
      const page = pageOf(streams, query, edge).map(show);
      return json({ ...this.#envelope(), ...this.#total(streams.length), streams: page });
    }
    const stream = streams.find((entry) => entry.id === id);
    return json(stream === undefined ? NO_STREAM : { ...this.#envelope(), stream: show(stream) });
  }

  #clients({ query }: ApiRequest, id: string): Reply {
    const { roster, edge, layerOf } = this.#parts;
    const show = (client: ClientEntry): object =>
      toClient(client, layerOf(client.mediaId), Date.now());
    if (id === '') {
      const clients = roster.clients();
      const page = pageOf(clients, query, edge).map(show);
      return json({ ...this.#envelope(), ...this.#total(clients.length), clients: page });
    }
    const client = roster.client(id);
    return json(client === undefined ? NO_CLIENT : { ...this.#envelope(), client: show(client) });
  }

  /** `PUT /api/v1/clients/{id}/layer?rid=…` or `?max_width=…&max_height=…`; neither: automatic. */
  #chooseLayer({ query }: ApiRequest, path: string): Reply {
    const { roster, chooseLayer } = this.#parts;
    const [, id = ''] = /^([^/]+)\/layer$/.exec(path) ?? [];
    const client = roster.client(id);
    if (client === undefined) return json(NO_CLIENT);
    const choice = layerChoice(query);
    if (choice === null) return json(BAD_PARAMETER);
    return json(chooseLayer(client.mediaId, choice) ? this.#envelope() : NO_STREAM);
  }

  #dvr(request: ApiRequest, dvr: Dvr): Reply {
    if (!['GET', 'PUT', 'DELETE'].includes(request.method)) return text(405, 'Method Not Allowed');
    if (!applyDvr(dvr, request)) return json(BAD_PARAMETER);
    return json({ ...this.#envelope(), dvr_apply: dvr.applied });
  }

  #data(path: string): object | null {
    const { edge, machine, roster, traffic } = this.#parts;
    switch (path) {
      case '/api/v1/versions': {
        const { line, revision, version } = edge;
        return { major: line, minor: 0, revision, version };
      }
      case '/api/v1/summaries':
        roster.count();
        return machine.summaries(edge.version, roster, traffic);
      case '/api/v1/rusages':
        return machine.rusages();
      case '/api/v1/self_proc_stats':
        return machine.selfProcStats();
      case '/api/v1/meminfos':
        return machine.memInfos();
      case '/api/v1/features':
        return this.#features();
      default:
        return null;
    }
  }

  #features(): object {
    const dvr = this.#parts.dvr !== null;
    const features = { ...FEATURES.features, dvr };
    return { ...FEATURES, features, ...(dvr ? { dvr_apply: RECORDED } : {}) };
  }

  #envelope(): object {
    const { serverId, serviceId, pid } = this.#parts.identity;
    return { code: 0, server: serverId, service: serviceId, pid: String(pid) };
  }

  #total(count: number): object {
    return this.#parts.edge.tellsTotals ? { total: count } : {};
  }
}

const FEATURES = {
  options: '',
  options2: '',
  build: '',
  build2: '',
  features: {
    ssl: false,
    hls: false,
    hds: false,
    callback: true,
    api: true,
    httpd: false,
    dvr: false,
    transcode: false,
    ingest: false,
    stat: true,
    caster: false,
    complex_send: false,
    tcp_nodelay: true,
    so_sendbuf: false,
    mr: false,
  },
  rtc_codecs: RTC_CODECS,
  rtc_layers: RTC_LAYERS,
} as const;
