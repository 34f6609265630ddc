import { z } from 'zod';
import { IceServer, IceUrl } from '../protocol/ice.ts';
import { ProviderFailure } from './provider-failure.ts';

/** What a provider's answer holds. */
export interface ProviderList {
  readonly servers: readonly IceServer[];
  /** Life of the credentials from now on, where it says so. */
  readonly ttlSeconds: number | undefined;
}

const OneOrMore = z.union([z.string(), z.array(z.string())]);
const Seconds = z.union([z.number(), z.string().regex(/^\d{1,9}s?$/)]).transform((value) => {
  return typeof value === 'number' ? value : Number.parseInt(value, 10);
});

/** `urls` as WebRTC has it, `url` as it was, `uris` of draft-uberti-behave-turn-rest. */
const Entry = z.object({
  urls: OneOrMore.exactOptional(),
  url: z.string().exactOptional(),
  uris: OneOrMore.exactOptional(),
  username: z.string().nullish(),
  credential: z.string().nullish(),
  password: z.string().nullish(),
});
type Entry = z.infer<typeof Entry>;

const Entries = z.union([z.array(Entry).max(64), Entry.transform((entry) => [entry])]);

/** Bare, `iceServers` (WebRTC, Cloudflare), or `ice_servers` (Twilio). */
const Answer = Entry.extend({
  iceServers: Entries.exactOptional(),
  ice_servers: Entries.exactOptional(),
  ttl: Seconds.exactOptional(),
  lifetimeDuration: Seconds.exactOptional(),
});

/** As many as `IceServer` takes. */
const MAX_URLS = 8;

/**
 * The servers of an answer, in any of the usual shapes; URLs that no client could use are left out.
 * @throws ProviderFailure naming members, never their values
 */
export function readProviderList(json: unknown): ProviderList {
  const parsed = Answer.safeParse(Array.isArray(json) ? { iceServers: json } : json);
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path }) => path.map(String).join('.') || 'it');
    throw new ProviderFailure(`Its answer has no usable list (${where.slice(0, 4).join(', ')}).`);
  }
  const { iceServers, ice_servers: snake, ttl, lifetimeDuration, ...bare } = parsed.data;
  const servers = (iceServers ?? snake ?? [bare]).flatMap(toServer);
  if (servers.length === 0) throw new ProviderFailure('Its answer has no server that can be used.');
  return { servers, ttlSeconds: ttl ?? lifetimeDuration };
}

function toServer(entry: Entry): IceServer[] {
  const given = entry.urls ?? entry.uris ?? entry.url ?? [];
  const usable = (typeof given === 'string' ? [given] : given).filter(
    (url) => IceUrl.safeParse(url).success,
  );
  const urls = [...new Set(usable)].slice(0, MAX_URLS);
  const needsLogin = urls.some((url) => url.startsWith('turn'));
  const login = { username: entry.username, credential: entry.credential ?? entry.password };
  const server = IceServer.safeParse(needsLogin ? { urls, ...login } : { urls });
  return server.success ? [server.data] : [];
}
