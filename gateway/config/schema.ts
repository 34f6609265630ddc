import { z } from 'zod';
import { RoomId } from '../protocol/ids.ts';
import { JournalDetail } from '../protocol/journal.ts';
import { AccountSettings } from './account-settings.ts';
import { AuditSettings } from './audit-settings.ts';
import { ClusterSettings } from './cluster-settings.ts';
import {
  addressList,
  announcedAddresses,
  flag,
  list,
  networkList,
  networkListOrAny,
  originListOrAny,
  port,
  portNumber,
  portOrOff,
  safeUrl,
  secret,
  wholeNumber,
} from './fields.ts';
import { DockerSettingsShape } from './docker-settings.ts';
import { IceSettings } from './ice-settings.ts';
import { NodeSettingsShape } from './node-settings.ts';
import { RecordingSettings } from './recording-settings.ts';
import { SignalSettings } from './signal-settings.ts';
import { TracingSettings } from './tracing-settings.ts';

const WEEK_SECONDS = 7 * 24 * 3600;

/**
 * Every setting of the gateway: name of the environment variable, type, default and the sentence
 * that the README's table carries (a test holds the two together).
 */
export const Settings = z.object({
  HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. Loopback by default, so that nothing is open by accident.'),
  PORT: port(8080).describe('TCP port for pages, signalling and API. 0 takes any free port.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'must have no query, fragment or password')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('Address that clients use, e.g. `https://cast.example.org`. Needed behind a proxy.'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('data')
    .describe('Folder for created secrets. Keep it private and back it up.'),
  JWT_SECRET: secret(32)
    .optional()
    .describe('HS256 key for tokens, 32 characters or more. Created in `DATA_DIR` when absent.'),
  JWT_PUBLIC_KEY_FILES: list()
    .default([])
    .describe('PEM public keys (RSA or EC P-256) of other token issuers, comma-separated paths.'),
  JWT_JWKS_URL: safeUrl()
    .optional()
    .describe('JWK set of another token issuer: https, or http on this machine.'),
  JWT_ISSUER: z
    .string()
    .min(1)
    .optional()
    .describe('`iss` that tokens of other issuers must have.'),
  JWT_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe('`aud` that tokens of other issuers must have.'),
  JWT_LEEWAY_SECONDS: wholeNumber(0, 60, 5).describe(
    'Seconds that the clock of an issuer may differ from ours.',
  ),
  ...AccountSettings.shape,
  HOOK_SECRET: secret(16)
    .optional()
    .describe('Secret in the hook URL that SRS calls. Created in `DATA_DIR` when absent.'),
  ...NodeSettingsShape.shape,
  ...DockerSettingsShape.shape,
  MEDIA_PORT: port(8000).describe('UDP port of the embedded engine, for all media.'),
  MEDIA_CANDIDATE: announcedAddresses()
    .default([])
    .describe(
      'Where clients reach the media port, best first: `203.0.113.7,[2001:db8::7]:9000`; `;` between lists of several nodes. Empty: the nodes’ own.',
    ),
  INPUT_PORT: portOrOff(8001).describe(
    'UDP port of data channels for input, opened for the first viewer with control. `off`: input goes by WebSocket alone.',
  ),
  INPUT_CANDIDATE: addressList()
    .default([])
    .describe('Addresses announced for it, comma-separated. Empty: `MEDIA_CANDIDATE`.'),
  MEDIA_WEBSOCKET: flag()
    .default(true)
    .describe(
      'Media over WebSockets too, for networks where WebRTC is blocked; it goes through the gateway.',
    ),
  ...IceSettings.shape,
  ...SignalSettings.shape,
  ...ClusterSettings.shape,
  ...RecordingSettings.shape,
  TLS_CERT_FILE: z
    .string()
    .optional()
    .describe('PEM certificate chain; turns HTTPS on. Read anew when it changes, and on SIGHUP.'),
  TLS_KEY_FILE: z.string().optional().describe('PEM private key beside `TLS_CERT_FILE`.'),
  HTTP_REDIRECT_PORT: portNumber()
    .optional()
    .describe('Plain-HTTP port beside HTTPS that sends pages to https and refuses the rest.'),
  CORS_ORIGINS: list()
    .default(['*'])
    .describe('Web origins that may call from a browser, comma-separated, or `*`. No cookies.'),
  EMBED_ORIGINS: originListOrAny()
    .default([])
    .describe(
      'Web origins whose pages may show the watch page in a frame, comma-separated, or `*`. Empty: none.',
    ),
  TRUSTED_PROXIES: networkList()
    .default([])
    .describe(
      'Proxies whose `X-Forwarded-*` or `Forwarded` is believed: addresses or CIDR blocks.',
    ),
  HOOK_ALLOWED_ADDRESSES: networkListOrAny()
    .default([])
    .describe(
      'Who may call hooks beside this machine: addresses, CIDR blocks or `*`. Empty: private networks and the nodes.',
    ),
  PRIVATE_NETWORK_ACCESS: flag()
    .default(false)
    .describe('Let pages of public addresses call a gateway at a private one (CORS preflight).'),
  PLAIN_HTTP: z
    .enum(['loopback', 'private', 'anywhere'])
    .default('loopback')
    .describe('From where tokens are taken over plain HTTP; elsewhere https is needed.'),
  TOKEN_IN_QUERY: flag()
    .default(false)
    .describe('Take `?token=…` at WHIP and WHEP addresses, for encoders that cannot send headers.'),
  IF_MATCH: z
    .enum(['strict', 'lenient'])
    .default('strict')
    .describe('PATCH without `If-Match`: `strict` answers 428, `lenient` takes it for `*`.'),
  WHEP_WITHOUT_PUBLISHER: z
    .enum(['refuse', 'wait'])
    .default('refuse')
    .describe(
      'A viewer without a publisher: `refuse` answers 409 + Retry-After, `wait` lets it in.',
    ),
  MAX_SESSIONS: wholeNumber(1, 100_000, 5000).describe('Sessions at once; more get 503.'),
  MAX_VIEWERS_PER_ROOM: wholeNumber(1, 100_000, 2000).describe('Viewers of a room at once.'),
  MAX_EVENT_STREAMS: wholeNumber(1, 100_000, 5000).describe(
    'Streams of server-sent events at once; more get 503, and players poll.',
  ),
  MAX_VIEWER_SOCKETS: wholeNumber(1, 100_000, 5000).describe(
    'WebSockets of viewers at once; more are closed with 4503.',
  ),
  MAX_SESSIONS_PER_ROOM: wholeNumber(1, 100_000, 2100).describe(
    'Sessions of a room at once, publishers and viewers; more get 503.',
  ),
  MAX_SESSIONS_PER_SUBJECT: wholeNumber(1, 100_000, 2000).describe(
    'Sessions of one `sub` at once; more get 429. All who share a link are one.',
  ),
  MAX_HALF_OPEN_PUBLISHES: wholeNumber(1, 100_000, 8).describe(
    'Publishers of one `sub` at once that have no media yet; more get 429.',
  ),
  MAX_CONNECTIONS: wholeNumber(10, 1_000_000, 10_000).describe(
    'TCP connections at once; more are closed.',
  ),
  MAX_CONNECTIONS_PER_ADDRESS: wholeNumber(1, 1_000_000, 1000).describe(
    'The same for a client address (IPv6: a /64); trusted proxies are not counted.',
  ),
  RATE_LIMIT_PER_MINUTE: wholeNumber(1, 10_000_000, 1200).describe(
    'Offers and API writes per minute and client address (reads: 20 times); more get 429.',
  ),
  ROOM_OFFERS_PER_MINUTE: wholeNumber(1, 10_000_000, 6000).describe(
    'Offers per minute and room; more get 429.',
  ),
  SUBJECT_OFFERS_PER_MINUTE: wholeNumber(1, 10_000_000, 3000).describe(
    'Offers to watch per minute and `sub`; more get 429.',
  ),
  SUBJECT_PUBLISHES_PER_MINUTE: wholeNumber(1, 10_000_000, 60).describe(
    'Offers to publish per minute and `sub`; more get 429.',
  ),
  FAILED_LOGINS_PER_MINUTE: wholeNumber(1, 10_000_000, 100).describe(
    'Requests without a good token per minute and client address; then only known ones pass.',
  ),
  CONTROL_MODE: z
    .enum(['open', 'locked', 'view-only'])
    .default('open')
    .describe(
      'Who may control hosts: whoever has `control`, admins alone (`locked`), or nobody. Rooms may differ.',
    ),
  CONTROL_SLOT_SECONDS: wholeNumber(0, WEEK_SECONDS, 0).describe(
    'How long one may keep control while others wait; 0: as long as they like.',
  ),
  CONTROL_IDLE_SECONDS: wholeNumber(0, WEEK_SECONDS, 60).describe(
    'After so long without input control goes to whoever waits; 0: never.',
  ),
  CLIPBOARD_TO_HOST: z
    .enum(['off', 'text', 'all'])
    .default('all')
    .describe('What whoever controls may paste into a host: nothing, text, or images too.'),
  CLIPBOARD_FROM_HOST: z
    .enum(['off', 'text', 'all'])
    .default('text')
    .describe('What whoever controls may copy out of a host.'),
  RECORD_INPUT: JournalDetail.default('redacted').describe(
    'Input to hosts, written beside recordings: nothing, all but which keys and what text, or all (`full`).',
  ),
  SHUTDOWN_TIMEOUT_MS: wholeNumber(100, 600_000, 10_000).describe(
    'Longest graceful stop of each part, in milliseconds.',
  ),
  SHUTDOWN_NOTICE_MS: wholeNumber(0, 300_000, 1_500).describe(
    'Milliseconds for which one of several gateways serves on after SIGTERM while `/readyz` says 503, for balancers to notice.',
  ),
  HOST_TOKENS: list()
    .pipe(z.array(RoomId))
    .default([])
    .describe(
      'Rooms that get a token for a host, comma-separated: `host/<room>.token` in `DATA_DIR`, kept fresh.',
    ),
  PRINT_LINKS: flag()
    .optional()
    .describe('Print links with tokens at start. Default: only when `HOST` is a loopback address.'),
  METRICS_PUBLIC: flag()
    .default(false)
    .describe(
      'Serve `/metrics` to everyone. Default: this machine unless behind a proxy, or a token with `admin`.',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least level that is logged.'),
  LOG_FORMAT: z
    .enum(['auto', 'json', 'pretty'])
    .default('auto')
    .describe('`auto` is readable on a terminal and JSON lines elsewhere.'),
  ...AuditSettings.shape,
  ...TracingSettings.shape,
  WEBHOOK_ALLOWED_ADDRESSES: networkListOrAny()
    .default([])
    .describe(
      'Where webhooks may go beside public addresses by https: addresses, CIDR blocks or `*`.',
    ),
});
export type Settings = z.infer<typeof Settings>;
