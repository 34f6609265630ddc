import { Cloudflare } from './ice/cloudflare.ts';
import { IceDesk } from './ice/ice-desk.ts';
import type { IceSource } from './ice/ice-source.ts';
import type { IceProvider } from './ice/issued.ts';
import { PersonalSource } from './ice/personal-source.ts';
import { RestApi } from './ice/rest-api.ts';
import { ServerFile } from './ice/server-file.ts';
import { SharedSource } from './ice/shared-source.ts';
import { TurnSecret } from './ice/turn-secret.ts';
import { Twilio } from './ice/twilio.ts';
import { ConfigError, type Config } from './config/load.ts';
import type { Logger } from './observability/logger.ts';
import type { IceSourceName } from './protocol/ice-sources.ts';

/** @throws ConfigError when the file of servers cannot be used. */
export function createIce(config: Config, log: Logger, now: () => number): IceDesk {
  const terms = { log, now, random: Math.random, lifetimeMs: config.ICE_LIFETIME_SECONDS * 1000 };
  const shared = (provider: IceProvider) => new SharedSource({ ...terms, provider });
  const personal = (provider: IceProvider) => new PersonalSource({ ...terms, provider });
  const create: Record<IceSourceName, () => IceSource | undefined> = {
    file: () => {
      const { ICE_SERVERS_FILE: path } = config;
      return path === undefined ? undefined : openFile(path, log, now);
    },
    turn: () => {
      const { TURN_URLS: urls, turnSecret: secret } = config;
      return secret === undefined ? undefined : new TurnSecret({ ...terms, urls, secret });
    },
    api: () => {
      const { ICE_API_URL: url, ICE_API_AUTHORIZATION_FILE: file } = config;
      if (url === undefined) return undefined;
      const authorization = file === undefined ? config.ICE_API_AUTHORIZATION : { file };
      const provider = new RestApi({ url, authorization, now });
      return RestApi.isPersonal(url) ? personal(provider) : shared(provider);
    },
    cloudflare: () => {
      const { CLOUDFLARE_TURN_KEY_ID: keyId, CLOUDFLARE_TURN_API_TOKEN: apiToken } = config;
      if (keyId === undefined || apiToken === undefined) return undefined;
      const apiUrl = bare(config.CLOUDFLARE_TURN_API_URL);
      return personal(new Cloudflare({ apiUrl, keyId, apiToken, now }));
    },
    twilio: () => {
      const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = config;
      if (accountSid === undefined || authToken === undefined) return undefined;
      const apiUrl = bare(config.TWILIO_API_URL);
      return personal(new Twilio({ apiUrl, accountSid, authToken, now }));
    },
  };
  const sources = config.ICE_SOURCES.flatMap((name) => create[name]() ?? []);
  return new IceDesk({ sources, everyMs: config.ICE_PROBE_SECONDS * 1000, log, now });
}

function openFile(path: string, log: Logger, now: () => number): ServerFile {
  try {
    return new ServerFile(path, { log, now });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`ICE_SERVERS_FILE: ${why}`]);
  }
}

const bare = (url: string): string => url.replace(/\/+$/, '');
