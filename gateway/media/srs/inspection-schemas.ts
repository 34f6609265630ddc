import { z } from 'zod';

/** Lists and summaries of SRS; what a version leaves out is 0, '' or null (srs.md §8, §12). */
const count = z.number().catch(0);
const text = z.string().catch('');
const envelope = { code: z.literal(0) };
const traffic = {
  send_bytes: count,
  recv_bytes: count,
  kbps: z.object({ recv_30s: count, send_30s: count }).catch({ recv_30s: 0, send_30s: 0 }),
};

export const SummariesReply = z.object({
  ...envelope,
  data: z.object({
    self: z.object({
      version: text,
      pid: count,
      mem_kbyte: count,
      cpu_percent: count,
      srs_uptime: count,
      event_loop_delay_p99_ms: z.number().nullable().catch(null),
    }),
    system: z.object({
      cpu_percent: count,
      cpus: count,
      mem_ram_percent: count,
      load_1m: count,
      uptime: count,
      srs_recv_bytes: count,
      srs_send_bytes: count,
      conn_srs: count,
    }),
  }),
});

export const InspectedStream = z.object({
  id: text,
  url: text,
  vhost: text,
  clients: count,
  ...traffic,
  publish: z
    .object({ active: z.boolean(), cid: z.string().nullable().catch(null) })
    .catch({ active: false, cid: null }),
  video: z.object({ codec: text, width: count, height: count }).nullable().catch(null),
  audio: z.object({ codec: text, sample_rate: count, channel: count }).nullable().catch(null),
});

export const InspectedPeer = z.object({
  id: text,
  url: text,
  vhost: text,
  type: text,
  publish: z.boolean().catch(false),
  ip: text,
  alive: count,
  ...traffic,
});

export const InspectedVhost = z.object({
  id: text,
  name: text,
  enabled: z.boolean().catch(true),
  clients: count,
  streams: count,
  ...traffic,
  hls: z.object({ enabled: z.boolean().catch(false) }).catch({ enabled: false }),
});

export const StreamsInspected = z.object({ ...envelope, streams: z.array(InspectedStream) });
export const ClientsInspected = z.object({ ...envelope, clients: z.array(InspectedPeer) });
export const VhostsInspected = z.object({ ...envelope, vhosts: z.array(InspectedVhost) });
