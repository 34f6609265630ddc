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

/** `rtc_codecs` is an addition of the embedded engine; plain SRS has none. */
export const FeaturesReply = z.object({
  data: z.object({ rtc_codecs: z.array(z.string()).max(32).optional() }),
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
    }),
  ),
});

export const KickReply = z.object({ code: z.number().int() });

/** A hook's body; members that SRS adds or leaves out by version do no harm (srs.md §7.1). */
export const HookBody = z.object({
  action: z.enum(['on_publish', 'on_unpublish', 'on_play', 'on_stop', 'on_connect', 'on_close']),
  server_id: z.string().max(128),
  service_id: z.string().max(128).default(''),
  client_id: z.string().min(1).max(128),
  app: z.string().max(512),
  stream: z.string().max(512).default(''),
  param: z.string().max(8192).default(''),
});
