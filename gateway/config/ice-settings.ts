import { z } from 'zod';
import { IceUrl } from '../protocol/ice.ts';
import { IceSourceName } from '../protocol/ice-sources.ts';
import { list, safeUrl, secret, wholeNumber } from './fields.ts';

const DAY_SECONDS = 24 * 3600;

/** Where clients get their STUN and TURN servers from; part of `Settings`. */
export const IceSettings = z.object({
  ICE_SERVERS_FILE: z
    .string()
    .optional()
    .describe(
      'JSON list of STUN and TURN servers that clients are told of, as `iceServers` has it. Read anew when it changes.',
    ),
  TURN_URLS: list()
    .pipe(z.array(IceUrl).max(8))
    .default([])
    .describe(
      'Own TURN servers (coturn with `use-auth-secret`), comma-separated, e.g. `turn:turn.example.org:3478?transport=udp`; `stun:` may be among them.',
    ),
  TURN_SECRET: secret(16)
    .optional()
    .describe(
      'Secret that credentials for `TURN_URLS` are made with (`static-auth-secret`). Created in `DATA_DIR` when absent.',
    ),
  ICE_LIFETIME_SECONDS: wholeNumber(600, 2 * DAY_SECONDS, DAY_SECONDS / 2).describe(
    'Longest life of credentials for `TURN_URLS` and of those asked of others; they end with the token at the latest.',
  ),
  ICE_API_URL: safeUrl()
    .optional()
    .describe(
      'Address that answers GET with a JSON list of ICE servers: https, or http on this machine. `{subject}` and `{ttl}` in it are filled in.',
    ),
  ICE_API_AUTHORIZATION: secret(1)
    .optional()
    .describe('`Authorization` header for `ICE_API_URL`, e.g. `Bearer …`.'),
  ICE_API_AUTHORIZATION_FILE: z
    .string()
    .optional()
    .describe('File with that header’s value, read anew for each request.'),
  CLOUDFLARE_TURN_KEY_ID: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be the id of a TURN key')
    .optional()
    .describe('TURN key of Cloudflare; each token gets credentials of its own.'),
  CLOUDFLARE_TURN_API_TOKEN: secret(1).optional().describe('API token of that key.'),
  CLOUDFLARE_TURN_API_URL: safeUrl()
    .default('https://rtc.live.cloudflare.com')
    .describe('Where Cloudflare is asked.'),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^[A-Za-z0-9]{1,64}$/, 'must be an account SID')
    .optional()
    .describe('Account of Twilio’s Network Traversal Service, or of what speaks the same.'),
  TWILIO_AUTH_TOKEN: secret(1).optional().describe('Auth token of that account.'),
  TWILIO_API_URL: safeUrl().default('https://api.twilio.com').describe('Where Twilio is asked.'),
  ICE_SOURCES: list()
    .pipe(
      z
        .array(IceSourceName)
        .refine((names) => new Set(names).size === names.length, 'names a source twice'),
    )
    .default(['file', 'turn', 'api', 'cloudflare', 'twilio'])
    .describe(
      'Order in which the servers of several sources are named; one that is left out is not used.',
    ),
  ICE_PROBE_SECONDS: wholeNumber(0, DAY_SECONDS, 300).describe(
    'How often STUN and TURN servers and media addresses are tried from this machine; 0: only when an administrator asks.',
  ),
});
export type IceSettings = z.infer<typeof IceSettings>;

/** What goes together and is not; one sentence each. */
export function iceProblems(settings: IceSettings): string[] {
  const together = [
    ['CLOUDFLARE_TURN_KEY_ID', 'CLOUDFLARE_TURN_API_TOKEN'],
    ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
  ] as const;
  const problems: string[] = together
    .filter(([one, other]) => (settings[one] === undefined) !== (settings[other] === undefined))
    .map(([one, other]) => `${one}: goes together with ${other}`);
  if (
    settings.ICE_API_AUTHORIZATION !== undefined &&
    settings.ICE_API_AUTHORIZATION_FILE !== undefined
  ) {
    problems.push('ICE_API_AUTHORIZATION: stands alone or in ICE_API_AUTHORIZATION_FILE');
  }
  return problems;
}
