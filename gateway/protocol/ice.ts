import { z } from 'zod';

/** Characters that every known parser of a `Link` header hands on unchanged. */
const unquoted = z
  .string()
  .regex(
    /^[A-Za-z0-9+/=:._-]{1,512}$/,
    'must be 1 to 512 of the characters A-Z a-z 0-9 + / = : . _ -',
  );

/** RFC 7064 and RFC 7065: scheme, host, and for TURN a port and a transport. */
const stun = /^stuns?:[^,;<>"\\?/\s@]+$/;
const turn = /^turns?:[^,;<>"\\?/\s@]+(\?transport=(udp|tcp))?$/;
const endsInHostAndPort =
  /:(\[[0-9a-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(:\d{1,5})?(\?transport=\w+)?$/i;

/** The address of a STUN or TURN server. */
export const IceUrl = z
  .string()
  .refine(
    (url) => (stun.test(url) || turn.test(url)) && endsInHostAndPort.test(url),
    'must be stun:host, stuns:host, turn:host or turns:host with an optional :port, TURN also with ?transport=udp or tcp',
  );

/** One STUN or TURN server, as `RTCPeerConnection` takes it. */
export const IceServer = z
  .strictObject({
    urls: z.union([
      IceUrl.transform((url) => [url]).pipe(z.array(IceUrl)),
      z.array(IceUrl).min(1).max(8),
    ]),
    username: unquoted.exactOptional(),
    credential: unquoted.exactOptional(),
  })
  .superRefine(({ urls, username, credential }, context) => {
    const needed = urls.some((url) => url.startsWith('turn'));
    for (const [name, value] of Object.entries({ username, credential })) {
      if (needed === (value !== undefined)) continue;
      const message = needed ? 'is missing; TURN needs it' : 'belongs to TURN, these are STUN';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  });
export type IceServer = z.infer<typeof IceServer>;

/** `GET /api/v1/ice-servers`: what `new RTCPeerConnection()` takes. */
export const IceServerList = z.object({
  iceServers: z.array(IceServer).max(16),
  /** Seconds until the first credential runs out; absent where none does. */
  ttlSeconds: z.number().int().nonnegative().exactOptional(),
});
export type IceServerList = z.infer<typeof IceServerList>;
