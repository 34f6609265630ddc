import { describe, expect } from 'vitest';
import { contractTest as test } from '../support/contract/contract-test.ts';
import { callSrs } from '../support/contract/srs-http.ts';
import { waitFor } from '../support/wait-for.ts';

// Vitest types its matchers `any`.
const TEXT: unknown = expect.any(String);
const NUMBER: unknown = expect.any(Number);
const HLS: unknown = expect.objectContaining({ enabled: false });
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

const ENVELOPE = {
  code: 0,
  server: TEXT,
  service: matching(/^[0-9a-z]{8}$/),
  pid: matching(/^\d+$/),
} as const;
const KBPS = { recv_30s: NUMBER, send_30s: NUMBER } as const;

/** srs.md §8: the HTTP API and its errors. */
export function describeJsonApi(): void {
  describe('who answers', () => {
    test('[SRS-8] versions name the line, and the envelope names the service', async ({ srs }) => {
      const answer = await srs.apiJson('/api/v1/versions');
      expect(answer).toEqual({
        ...ENVELOPE,
        data: {
          major: NUMBER,
          minor: NUMBER,
          revision: NUMBER,
          version: matching(/^\d+\.\d+\.\d+$/),
        },
      });
    });

    test('[SRS-8] summaries are real numbers, percents from 0 to 1', async ({ srs }) => {
      const { data } = (await srs.apiJson('/api/v1/summaries')) as {
        data: {
          ok: boolean;
          now_ms: number;
          self: Record<string, unknown>;
          system: Record<string, unknown>;
        };
      };
      expect(data.ok).toBe(true);
      expect(Math.abs(data.now_ms - Date.now())).toBeLessThan(10_000);
      expect(data.self).toMatchObject({
        version: TEXT,
        pid: NUMBER,
        srs_uptime: NUMBER,
      });
      expect(data.self['mem_kbyte']).toBeGreaterThan(1000);
      for (const share of [
        data.self['mem_percent'],
        data.system['cpu_percent'],
        data.system['mem_ram_percent'],
      ]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(data.system['cpus_online']).toBeGreaterThan(0);
      for (const member of [
        'load_1m',
        'srs_recv_bytes',
        'srs_send_bytes',
        'conn_srs',
        'uptime',
        'net_sample_time',
      ]) {
        expect(data.system[member], member).toEqual(NUMBER);
      }
    });

    test('[SRS-8] [LAYER-04] features have SRS’s shape; the engine adds codecs and layers', async ({
      srs,
    }) => {
      const { data } = await srs.apiJson('/api/v1/features');
      expect(data).toMatchObject({
        options: TEXT,
        features: { api: true, callback: true },
      });
      if (srs.target.traits.kind === 'srs') {
        expect(data).not.toHaveProperty('rtc_codecs');
        expect(data).not.toHaveProperty('rtc_layers');
        return;
      }
      expect(data).toMatchObject({
        rtc_codecs: ['h264', 'vp8', 'vp9', 'av1', 'opus'],
        rtc_layers: ['h264', 'vp8'],
      });
    });

    test.for(['rusages', 'self_proc_stats', 'meminfos'])(
      '[SRS-8] %s are there',
      async (page, { srs }) => {
        expect(await srs.apiJson(`/api/v1/${page}`)).toMatchObject({
          ...ENVELOPE,
          data: { ok: true },
        });
      },
    );
  });

  describe('paths', () => {
    test('[SRS-8] an unknown path answers 200 with the index above it', async ({ srs }) => {
      expect(await srs.apiJson('/api/v1/nothing')).toMatchObject({
        code: 0,
        urls: { streams: TEXT },
      });
      expect(await srs.apiJson('/api/')).toMatchObject({
        code: 0,
        urls: { v1: TEXT },
      });
      expect(await srs.apiJson('/nothing')).toMatchObject({
        code: 0,
        urls: { api: TEXT },
      });
    });

    test('[SRS-8] a list without its slash is a redirect, another method 405', async ({ srs }) => {
      for (const list of ['vhosts', 'streams', 'clients']) {
        const redirect = await srs.api(`/api/v1/${list}`);
        expect(redirect).toMatchObject({ status: 302, headers: { location: `/api/v1/${list}/` } });
        const posted = await srs.api(`/api/v1/${list}/`, { method: 'POST' });
        expect(posted).toMatchObject({ status: 405, body: 'Method Not Allowed' });
      }
    });

    test('[SRS-8] what is not there is a code with status 200', async ({ srs }) => {
      expect(await srs.apiJson('/api/v1/vhosts/vid-none')).toEqual({ code: 2014 });
      expect(await srs.apiJson('/api/v1/streams/vid-none')).toEqual({ code: 2048 });
      expect(await srs.apiJson('/api/v1/clients/nobody')).toEqual({ code: 2049 });
      expect(await srs.apiJson('/api/v1/tests/errors')).toEqual({ code: 100 });
    });
  });

  describe('login', () => {
    test('[SRS-8] every path with /api/ asks for it, /rtc/ does not', async ({ srs, skip }) => {
      const { origin, login } = srs.target;
      if (login === null) skip('this target has no login');
      const without = await callSrs(origin, '/api/v1/versions');
      expect(without).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Basic' },
        body: '',
      });
      const wrong = await callSrs(origin, '/api/v1/versions', { login: 'admin:wrong' });
      expect(wrong).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Basic' } });
      const bearer = await callSrs(origin, '/api/v1/versions', {
        headers: { Authorization: 'Bearer x' },
      });
      expect(bearer.status).toBe(401);
      expect(bearer.headers).not.toHaveProperty('www-authenticate');
      expect((await srs.whep(srs.newStream())).status).toBe(201);
    });
  });

  describe('streams and clients', () => {
    test('[SRS-8] a publisher is listed at its POST, its stream not yet active', async ({
      srs,
    }) => {
      const stream = srs.newStream();
      await srs.opened(srs.whip(stream, { headers: { 'X-Forwarded-For': '198.51.100.9' } }));
      const [client] = await srs.clientsOf(stream);
      const entry = await srs.streamEntry(stream);
      expect(client).toEqual({
        id: matching(/^[0-9a-z]{8}$/),
        vhost: entry?.['vhost'],
        stream: entry?.id,
        ip: '198.51.100.9',
        pageUrl: '',
        swfUrl: '',
        tcUrl: '',
        url: `/live/${stream}`,
        name: stream,
        type: 'rtc-publish',
        publish: true,
        alive: NUMBER,
        send_bytes: 0,
        recv_bytes: 0,
        kbps: { recv_30s: 0, send_30s: 0 },
      });
      expect(entry).toMatchObject({
        id: matching(/^vid-[0-9a-z]{7}$/),
        app: 'live',
        tcUrl: '',
        url: `/live/${stream}`,
        live_ms: NUMBER,
        clients: 1,
        frames: 0,
        send_bytes: 0,
        recv_bytes: 0,
        kbps: KBPS,
        publish: { active: false },
        video: null,
        audio: null,
      });
      const byId = await srs.apiJson(`/api/v1/streams/${entry?.id}`);
      expect(byId).toMatchObject({ ...ENVELOPE, stream: { id: entry?.id, clients: 1 } });
      const one = await srs.apiJson(`/api/v1/clients/${client?.id}`);
      expect(one).toMatchObject({ ...ENVELOPE, client: { id: client?.id, name: stream } });
    });

    test('[SRS-8] a stream counts its publisher and its viewers, and ends with the last', async ({
      srs,
    }) => {
      const stream = srs.newStream();
      const publisher = await srs.opened(srs.whip(stream));
      const viewer = await srs.opened(srs.whep(stream));
      const ids = (await srs.clientsOf(stream)).map((client) => client.id);
      expect(new Set(ids).size).toBe(2);
      expect(await srs.streamEntry(stream)).toMatchObject({ clients: 2 });
      await srs.remove(publisher);
      await waitFor(async () => (await srs.streamEntry(stream))?.['clients'] === 1, {
        what: 'one client',
      });
      await srs.remove(viewer);
      await waitFor(async () => (await srs.streamEntry(stream)) === undefined, {
        what: 'no stream',
      });
    });

    test('[SRS-8] vhosts count their clients', async ({ srs }) => {
      await srs.opened(srs.whep(srs.newStream()));
      const { vhosts } = (await srs.apiJson('/api/v1/vhosts/')) as {
        vhosts: Record<string, unknown>[];
      };
      expect(vhosts).toEqual([
        {
          id: matching(/^vid-[0-9a-z]{7}$/),
          name: '__defaultVhost__',
          enabled: true,
          clients: NUMBER,
          streams: NUMBER,
          send_bytes: NUMBER,
          recv_bytes: NUMBER,
          kbps: KBPS,
          hls: HLS,
        },
      ]);
      expect(vhosts[0]?.['clients']).toBeGreaterThan(0);
      const one = await srs.apiJson(`/api/v1/vhosts/${String(vhosts[0]?.['id'])}`);
      expect(one).toMatchObject({ ...ENVELOPE, vhost: { name: '__defaultVhost__' } });
    });

    test('[SRS-8] pages: 10 unless told, not below the minimum, no limit above', async ({
      srs,
    }) => {
      const { minimumCount, tellsTotals } = srs.target.traits;
      const streams = Array.from({ length: 14 }, () => srs.newStream());
      await Promise.all(streams.map((stream) => srs.opened(srs.whep(stream))));
      const page = async (list: string, query: string): Promise<string[]> => {
        const answer = await srs.apiJson(`/api/v1/${list}/${query}`);
        const entries = answer[list] as { id: string }[];
        if (tellsTotals) expect(answer['total']).toBeGreaterThanOrEqual(14);
        else expect(answer).not.toHaveProperty('total');
        return entries.map((entry) => entry.id);
      };
      for (const list of ['streams', 'clients']) {
        const all = await page(list, '?count=10000');
        expect(all).toEqual(all.toSorted());
        expect(await page(list, '')).toEqual(all.slice(0, 10));
        expect(await page(list, '?count=5')).toEqual(all.slice(0, Math.max(5, minimumCount)));
        expect(await page(list, '?count=0')).toEqual(all.slice(0, minimumCount));
        expect(await page(list, '?start=12&count=100')).toEqual(all.slice(12));
        expect(await page(list, '?start=-3&count=12')).toEqual(all.slice(0, 12));
      }
    });
  });

  describe('kick', () => {
    test('[SRS-8] DELETE of a client frees its name at once, and again is 2049', async ({
      srs,
    }) => {
      const stream = srs.newStream();
      await srs.opened(srs.whip(stream));
      const [client] = await srs.clientsOf(stream);
      const path = `/api/v1/clients/${client?.id}`;
      expect(await srs.apiJson(path, { method: 'DELETE' })).toEqual(ENVELOPE);
      await waitFor(async () => (await srs.apiJson(path, { method: 'DELETE' }))['code'] === 2049, {
        what: 'the code 2049',
      });
      await srs.opened(srs.whip(stream));
    });

    test('[SRS-8] a kick of nobody is 2049', async ({ srs }) => {
      const call = { method: 'DELETE' } as const;
      expect(await srs.apiJson('/api/v1/clients/nobody', call)).toEqual({ code: 2049 });
      expect(await srs.apiJson('/api/v1/clients/', call)).toEqual({ code: 2049 });
    });
  });

  describe('metrics', () => {
    test('[SRS-8] the Prometheus page is open and has SRS’s names', async ({ srs, skip }) => {
      const { status, body } = await callSrs(srs.target.origin, '/metrics');
      if (body === '{"code":1090}') skip('the exporter is off in this server’s configuration');
      expect(status).toBe(200);
      const names = [...body.matchAll(/^(srs_\w+)[ {]/gm)].map((match) => match[1]);
      expect(names).toEqual([
        'srs_node_uname_info',
        'srs_build_info',
        'srs_cpu_percent',
        'srs_memory',
        'srs_send_bytes_total',
        'srs_receive_bytes_total',
        'srs_streams',
        'srs_clients',
        'srs_clients_total',
        'srs_clients_errs_total',
      ]);
    });
  });
}
