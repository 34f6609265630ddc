import { z } from 'zod';

/** SRS's envelope: HTTP 200 with `code` 0, or a code of its own (srs.md §8). */
const envelope = { code: z.literal(0), server: z.string(), service: z.string() };

export const VersionsReply = z.object({
  ...envelope,
  data: z.object({
    major: z.number().int(),
    minor: z.number().int(),
    revision: z.number().int(),
    version: z.string(),
  }),
});

/** The lists are additions of the embedded engine; plain SRS has none. */
export const FeaturesReply = z.object({
  data: z.object({
    rtc_codecs: z.array(z.string()).max(32).optional(),
    rtc_layers: z.array(z.string()).max(32).optional(),
    dvr_apply: z.array(z.string()).max(32).optional(),
  }),
});

/** One simulcast layer of a stream, where a node has them. */
const LayerEntry = z.object({
  rid: z.string().regex(/^[A-Za-z0-9_-]{1,16}$/),
  width: z.number().int(),
  height: z.number().int(),
  bitrate: z.number(),
  active: z.boolean(),
});

export const ClientsReply = z.object({
  ...envelope,
  clients: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      url: z.string().default(''),
      send_bytes: z.number().optional(),
    }),
  ),
});

export const StreamsReply = z.object({
  ...envelope,
  streams: z.array(
    z.object({
      publish: z.object({ active: z.boolean(), cid: z.string().nullish() }).optional(),
      layers: z.array(LayerEntry).max(8).default([]),
    }),
  ),
});

const count = z.number().min(0);

/** SRS's percents are 0 to 1; what has a default is not in every version, or the engine's alone. */
export const SummariesReply = z.object({
  ...envelope,
  data: z.object({
    self: z.object({
      mem_kbyte: count,
      cpu_percent: count,
      srs_uptime: count.default(0),
      event_loop_delay_p99_ms: count.nullable().default(null),
    }),
    system: z.object({
      srs_recv_bytes: count.default(0),
      srs_send_bytes: count.default(0),
      conn_srs: count.default(0),
    }),
    rtc: z
      .object({
        packets: z.object({
          received: count,
          sent: count,
          unsent: count,
          overdue: count,
          missed: count,
          wanted: count,
          resent: count,
        }),
      })
      .nullable()
      .default(null),
  }),
});

/** Of a kick or a choice of layer. */
export const CodeReply = z.object({ code: z.number().int() });

/** A hook's body; members that SRS adds or leaves out by version do no harm (srs.md §7.1). */
export const HookBody = z.object({
  action: z.enum([
    'on_publish',
    'on_unpublish',
    'on_play',
    'on_stop',
    'on_connect',
    'on_close',
    'on_dvr',
  ]),
  server_id: z.string().max(128),
  service_id: z.string().max(128).default(''),
  client_id: z.string().min(1).max(128),
  app: z.string().max(512),
  stream: z.string().max(512).default(''),
  param: z.string().max(8192).default(''),
  file: z.string().max(4096).default(''),
  /** An addition of the embedded engine: why the file ends before its publication. */
  error: z.string().max(512).optional(),
});
